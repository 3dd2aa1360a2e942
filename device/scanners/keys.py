"""Key positions as the kernel numbers them (linux/input-event-codes.h).

A keyboard sends positions, never characters; ``layouts`` says what a position means.
"""

from enum import IntEnum


class Key(IntEnum):
    """The positions that can take part in a code."""

    DIGIT_1, DIGIT_2, DIGIT_3, DIGIT_4, DIGIT_5 = 2, 3, 4, 5, 6
    DIGIT_6, DIGIT_7, DIGIT_8, DIGIT_9, DIGIT_0 = 7, 8, 9, 10, 11
    MINUS, EQUAL, TAB = 12, 13, 15
    Q, W, E, R, T, Y, U, I, O, P = range(16, 26)  # noqa: E741 - the key is called I
    LEFT_BRACE, RIGHT_BRACE, ENTER, LEFT_CTRL = 26, 27, 28, 29
    A, S, D, F, G, H, J, K, L = range(30, 39)
    SEMICOLON, APOSTROPHE, GRAVE, LEFT_SHIFT, BACKSLASH = 39, 40, 41, 42, 43
    Z, X, C, V, B, N, M = range(44, 51)
    COMMA, DOT, SLASH, RIGHT_SHIFT, KP_ASTERISK, LEFT_ALT, SPACE, CAPS_LOCK = range(51, 59)
    NUM_LOCK = 69
    F8 = 66
    KP_7, KP_8, KP_9, KP_MINUS, KP_4, KP_5, KP_6, KP_PLUS, KP_1, KP_2, KP_3, KP_0, KP_DOT = range(71, 84)
    KEY_102ND = 86
    KP_ENTER, RIGHT_CTRL, KP_SLASH, RIGHT_ALT = 96, 97, 98, 100
    KP_EQUAL = 117


KEY_UP, KEY_DOWN, KEY_REPEAT = 0, 1, 2
"""The values of a key event."""

LETTERS = tuple(Key[letter] for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = tuple(Key[f"DIGIT_{digit}"] for digit in range(10))
END_KEYS = frozenset({Key.ENTER, Key.KP_ENTER, Key.TAB})
SHIFTS = frozenset({Key.LEFT_SHIFT, Key.RIGHT_SHIFT})
CONTROLS = frozenset({Key.LEFT_CTRL, Key.RIGHT_CTRL})
MODIFIERS = SHIFTS | CONTROLS | {Key.LEFT_ALT, Key.RIGHT_ALT}
