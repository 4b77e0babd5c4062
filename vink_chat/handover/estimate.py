"""How long a visitor may have to wait, estimated from the last answered calls and the operators present."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from vink_chat.kit.words import say

SAMPLE_SIZE: Final = 50
MAX_ANNOUNCED_SECONDS: Final = 600.0
"""Seconds: for a longer wait the contact form is offered at once."""
_FEWEST_CALLS: Final = 5
_MINUTE, _HOUR = 60, 3600
# In minutes, the upper ends of: exact minutes, a quarter of an hour, «more than 15 minutes», «about an hour».
_EXACT, _QUARTER, _MORE, _ONE_HOUR = 10, 15, 40, 90


def seconds(waits: Sequence[float], place: int, present: int, waited: float = 0.0) -> float | None:
    """Return the estimate in seconds; None if there is too little to go by.

    Args:
        waits: The seconds each of the last answered calls waited, in any order; at least five are needed.
        place: The place in the queue, from 1.
        present: How many operators can answer now.
        waited: The seconds the first in the queue has waited already: the estimate is never below it.
    """
    if len(waits) < _FEWEST_CALLS or present < 1:
        return None
    return max(place * median(waits) / present, waited)


def words(estimated: float, language: str) -> str:
    """Return an estimate in words."""
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
