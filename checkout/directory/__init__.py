"""The staff's pages of the directory and its groups, without the web: filters typed in, and worded.

Owns the forms and sentences of filters. May import ``loyalty``, ``checkout.words`` and
``checkout.programme.typed``; must not import ``checkout.web``.
"""
