"""How many guesses a password withstands: zxcvbn's estimate, with what Russian people choose."""

from typing import Final

from zxcvbn import zxcvbn

from vink_chat.kit import keyboard

_ENOUGH: Final = 1_000_000
_LOOKED_AT: Final = 40
# The commonest Russian passwords that are no English word when typed on a Latin keyboard.
_RUSSIAN: Final = ("пароль", "привет", "любовь", "россия", "москва", "солнышко", "админ", "оператор", "винк", "марина")


def few(password: str, login: str = "") -> bool:
    """Tell whether a password falls to fewer than a million guesses, on either keyboard layout.

    Args:
        password: The password; its first 40 signs are looked at.
        login: The login of its account, the first guess of all.
    """
    known = [login, *_RUSSIAN, *map(keyboard.in_latin_layout, _RUSSIAN)]
    beginning = password[:_LOOKED_AT].casefold()
    typed = {beginning, keyboard.in_latin_layout(beginning)}
    return any(zxcvbn(one, user_inputs=known)["guesses"] < _ENOUGH for one in typed)
