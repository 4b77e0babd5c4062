"""How many guesses a password withstands: zxcvbn's estimate, with what Russian people choose."""

from typing import Final

from zxcvbn import zxcvbn

from vink_chat.kit import keyboard

_ENOUGH: Final = 1_000_000
# A weak password is weak from its beginning, and each sign more is dear to judge.
_LOOKED_AT: Final = 20
# Signs that zxcvbn reads as letters («p@$$word»), in every combination: with all of them that takes seconds. Digits
# stay, they make dates and sequences.
_SIGNS_FOR_LETTERS: Final = "@({[<!|$+%"
_MOST_READ_AS_LETTERS: Final = 2
_READ_AS_ITSELF: Final = 0xE000
# The commonest Russian passwords that are no English word when typed on a Latin keyboard.
_RUSSIAN: Final = ("пароль", "привет", "любовь", "россия", "москва", "солнышко", "админ", "оператор", "винк", "марина")


def few(password: str, login: str = "") -> bool:
    """Tell whether a password falls to fewer than a million guesses, on either keyboard layout.

    Args:
        password: The password; its first 20 signs are looked at, and in bounded time whatever they are.
        login: The login of its account, the first guess of all.
    """
    known = [login, *_RUSSIAN, *map(keyboard.in_latin_layout, _RUSSIAN)]
    # Some letters become two in one case.
    beginning = password[:_LOOKED_AT].casefold()[:_LOOKED_AT]
    typed = {beginning, keyboard.in_latin_layout(beginning)}
    return any(zxcvbn(_with_few_signs_for_letters(one), user_inputs=known)["guesses"] < _ENOUGH for one in typed)


def _with_few_signs_for_letters(text: str) -> str:
    """Return a text in which only the first two of the signs that stand for letters do so still."""
    found = dict.fromkeys(sign for sign in text if sign in _SIGNS_FOR_LETTERS)
    surplus = list(found)[_MOST_READ_AS_LETTERS:]
    # Another sign each, that stands for no letter: what repeats still repeats.
    return text.translate({ord(sign): _READ_AS_ITSELF + number for number, sign in enumerate(surplus)})
