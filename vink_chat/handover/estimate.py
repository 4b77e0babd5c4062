"""How long a visitor may have to wait: from the last answered calls and who is present, never from hope."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from vink_chat.kit.words import say

LAST: Final = 50
LONG: Final = 600.0
"""Seconds: whoever would wait longer is offered the contact form at once."""
_FEWEST: Final = 5
_MINUTE, _HOUR = 60, 3600
# Up to here single minutes are named, then a quarter of an hour, «more», an hour, and whole hours.
_EXACT, _QUARTER, _MORE, _ONE_HOUR = 10, 15, 40, 90


def seconds(waits: Sequence[float], place: int, present: int, waited: float = 0.0) -> float | None:
    """Return the estimate; None when it is not known.

    Args:
        waits: Seconds the last answered calls waited, in any order. Fewer than five say too little.
        place: In the queue, from 1.
        present: How many operators can answer now.
        waited: Seconds the first in the queue has waited already: nobody behind them is promised less.
    """
    if len(waits) < _FEWEST or present < 1:
        return None
    return max(place * median(waits) / present, waited)


def words(estimated: float, language: str) -> str:
    """Say an estimate as people do."""
    minutes = round(estimated / _MINUTE)
    if estimated < _MINUTE:
        return say("меньше минуты", language)
    if minutes <= 1:
        return say("около минуты", language)
    if minutes <= _QUARTER:
        return say("около {number} минут", language, number=minutes if minutes <= _EXACT else _QUARTER)
    if minutes <= _MORE:
        return say("больше 15 минут", language)
    if minutes <= _ONE_HOUR:
        return say("около часа", language)
    return say("около {number} часов", language, number=round(estimated / _HOUR))
