"""The staff's pages about the programme, without the web: what is typed, read into rules; rules, worded.

Owns the forms, the sentences, the charts and the tables. May import ``loyalty`` and
``checkout.words``; must not import ``checkout.web``.
"""
