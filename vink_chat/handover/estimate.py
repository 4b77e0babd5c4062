"""How long a visitor may have to wait: from the last fifty waits, never from hope."""

from collections.abc import Sequence
from typing import Final

LAST: Final = 50
_FEWEST: Final = 5
_MINUTES_EACH: Final = 4
_MEDIAN, _LATE, _LATEST = 0.5, 0.75, 0.9
_FAR: Final = 5


def minutes(waits: Sequence[float], place: int) -> int:
    """Return the estimate in whole minutes, at least one.

    Args:
        waits: Seconds of the last waits, in any order. Fewer than five say too little, and four minutes a place count.
        place: In the queue, from 1. The first is told the median; those behind, what three or nine of ten did not
            exceed.
    """
    if len(waits) < _FEWEST:
        return max(1, place * _MINUTES_EACH)
    share = _MEDIAN if place == 1 else _LATE if place < _FAR else _LATEST
    ordered = sorted(waits)
    return max(1, -int(-ordered[min(len(ordered) - 1, int(share * len(ordered)))] // 60))
