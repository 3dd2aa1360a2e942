"""The staff's pages about single customers, without the web: what is typed read into edits, profiles worded.

Owns the forms of a profile by section, the comparison of two people's edits, and the words for what a
profile says. May import ``loyalty`` and ``checkout.words``; must not import ``checkout.web``.
"""
