"""Those who wait see their number in the queue grow smaller.

Whoever leaves the queue moves all behind. The queue is read once for all tabs of this process, and each visitor is sent the
number alone.
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
_PAUSE: Final = 1.0
_EVERY: Final = 60.0


async def follow(open_tabs: Callable[[], set[UUID]]) -> None:
    """Tell the visitors of this process their numbers whenever the queue moves, for as long as the process lives.

    Whoever waits with the page open is noted as being there, at once and every minute; who has gone loses the number.

    Args:
        open_tabs: Returns the visitors whose page is open here.
    """
    bus, told = signals.current(), dict[UUID, int]()
    async with bus.subscribe(topics.QUEUE, TABS_TOPIC) as heard:
        looked = 0.0
        while True:
            kinds = await heard.next(quiet_after=_EVERY)
            due = time.monotonic() >= looked + _EVERY
            if due or not {"moved", OPENED, signals.READ_AGAIN}.isdisjoint(kinds):
                try:
                    if due or OPENED in kinds:
                        await _note_who_is_here(open_tabs())
                        looked = time.monotonic()
                    async with db.reading() as tx:
                        standing = await handover.places(tx)
                except Exception:
                    log.exception("Failed to push queue positions; retrying on the next change")
                    continue
                for visitor, number in standing.items():
                    if told.get(visitor) != number:
                        bus.publish(topics.visitor(visitor), PLACE_KIND, number, local=True)
                told = standing
            # Several moves in a moment are one reading.
            await asyncio.sleep(_PAUSE)


async def _note_who_is_here(visitors: set[UUID]) -> None:
    async with db.reading() as tx:
        here = [one for one in await handover.waiting_visitors(tx) if one in visitors]
    if here:
        async with db.transaction() as tx:
            await handover.mark_here(tx, here)
