"""The words of messages to members, one module a language, and the reader of them.

SMS texts keep to the GSM 7-bit alphabet where the language allows it: no ``’``, no ``ê``, ``ç`` or ``á``.
"""
