"""Those who wait see their number in the queue grow smaller.

Whoever leaves the queue moves all behind. The queue is read once for all tabs of this process, and each visitor is sent the
number alone.
"""

import asyncio
import logging
from typing import Final
from uuid import UUID

from vink_chat import handover
from vink_chat.kit import db, signals

log = logging.getLogger(__name__)

PLACE_KIND: Final = "place"
_PAUSE: Final = 1.0


async def follow() -> None:
    """Tell the visitors of this process their numbers whenever the queue moves, for as long as the process lives."""
    bus, told = signals.current(), dict[UUID, int]()
    async with bus.subscribe(signals.QUEUE_TOPIC) as heard:
        while True:
            if not {"moved", signals.READ_AGAIN}.isdisjoint(await heard.next()):
                try:
                    async with db.reading() as tx:
                        standing = await handover.places(tx)
                except Exception:
                    log.exception("Those who wait were not told their numbers; the next move tells them")
                    continue
                for visitor, number in standing.items():
                    if told.get(visitor) != number:
                        bus.publish(signals.visitor_topic(visitor), PLACE_KIND, number, local=True)
                told = standing
            # Several moves in a moment are one reading.
            await asyncio.sleep(_PAUSE)
