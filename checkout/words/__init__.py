"""The station's words: catalogues in gettext form, read once at start; money, points and times as text."""

from checkout.words.catalogue import LANGUAGES, Words, best_language, words_for

__all__ = ["LANGUAGES", "Words", "best_language", "words_for"]
