"""Staff, their rights and the privacy of customers as the pages show them: wording and reading of forms.

Owns no rule and stores nothing: it may import the words and ``loyalty``, and must not import the web pages.
"""
