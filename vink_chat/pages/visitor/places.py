"""Keeps the queue numbers of waiting visitors up to date.

When somebody leaves the queue, everybody behind moves up. The queue is read once for all tabs of this process, and each
visitor is sent only the number.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from vink_chat import handover, topics
from vink_chat.kit import db, signals

log = logging.getLogger(__name__)

PLACE_KIND: Final = "place"
TABS_TOPIC: Final = "visitors"
OPENED: Final = "opened"
_MIN_SECONDS_BETWEEN_READS: Final = 1.0
_SECONDS_BETWEEN_RECORDS: Final = 60.0


async def follow(open_tabs: Callable[[], set[UUID]]) -> None:
    """Send visitors of this process their numbers whenever the queue moves, for as long as the process lives.

    Visitors who wait with the page open are recorded as present, at once and every minute; those who left lose the number.

    Args:
        open_tabs: Returns the visitors who have a tab open in this process.
    """
    bus, announced = signals.current(), dict[UUID, int]()
    async with bus.subscribe(topics.QUEUE, TABS_TOPIC) as changes:
        recorded_at = 0.0
        while True:
            kinds = await changes.next(quiet_after=_SECONDS_BETWEEN_RECORDS)
            due = time.monotonic() >= recorded_at + _SECONDS_BETWEEN_RECORDS
            if due or not {"moved", OPENED, signals.RESYNC}.isdisjoint(kinds):
                try:
                    if due or OPENED in kinds:
                        await _record_presence(open_tabs())
                        recorded_at = time.monotonic()
                    async with db.reading() as tx:
                        places = await handover.places(tx)
                except Exception:
                    log.exception("Failed to push queue positions; retrying on the next change")
                    continue
                for visitor, number in places.items():
                    if announced.get(visitor) != number:
                        bus.publish(topics.visitor(visitor), PLACE_KIND, number, local=True)
                announced = places
            # Coalesce a burst of moves into one read.
            await asyncio.sleep(_MIN_SECONDS_BETWEEN_READS)


async def _record_presence(visitors: set[UUID]) -> None:
    async with db.reading() as tx:
        present = [visitor for visitor in await handover.waiting_visitors(tx) if visitor in visitors]
    if present:
        async with db.transaction() as tx:
            await handover.mark_seen(tx, present)
