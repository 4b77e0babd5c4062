"""Publishing the queue to the desks: one frame for all that lack the same, and only what changed is in it.

Reflex would take each tab's lock and write each tab's frame: fifty desks made a visitor's message fifty times as dear.
A desk was sent a snapshot through its State before it subscribes; what follows goes past the State.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from vink_chat.pages.desk.queue_cache import Key, Own, QueueSnapshot, queue_cache
from vink_chat.web import broadcast


@dataclass(slots=True)
class Subscriber:
    """What one desk was sent last."""

    tab: broadcast.Tab
    operator_id: UUID
    key: Key
    numbers: tuple[int, int, int]
    own: Own

    @property
    def language(self) -> str:
        """The language it is drawn in."""
        return self.key[2]


class Lack(NamedTuple):
    """What a desk lacks; those that lack the same get one frame.

    Attributes:
        own: What needs its operator, as text; empty when it knows.
    """

    key: Key
    numbers: tuple[int, int, int]
    own: str


class QueueBroadcast(broadcast.Broadcast[Subscriber]):
    """The desks of this process, each with the box it shows."""

    async def publish_changes(self) -> None:
        """Read what the desks show, and send each what it lacks."""
        if not len(self):
            return
        async with self.lock:
            snapshots = {key: await queue_cache.snapshot(*key) for key in {desk.key for desk in self}}
            readers = {(desk.operator_id, desk.language) for desk in self}
            owns = {reader: await queue_cache.own(*reader) for reader in readers}
            made: dict[Lack, broadcast.Changes] = {}
            await self.publish(lambda desk: _lacking(desk, snapshots, owns, made))


def _lacking(
    desk: Subscriber,
    snapshots: dict[Key, QueueSnapshot],
    owns: dict[tuple[UUID, str], Own],
    made: dict[Lack, broadcast.Changes],
) -> broadcast.Changes:
    """Return what a desk lacks, and count it as sent; one that came while the queue was read lacks nothing yet."""
    snapshot, own = snapshots.get(desk.key), owns.get((desk.operator_id, desk.language))
    if snapshot is None or own is None or (own == desk.own and desk.numbers == snapshot.numbers):
        return {}
    lack = Lack(desk.key, desk.numbers, repr(own) if own != desk.own else "")
    desk.numbers, desk.own = snapshot.numbers, own
    if lack not in made:
        made[lack] = _changes(lack, snapshot, own)
    return made[lack]


def _changes(lack: Lack, snapshot: QueueSnapshot, own: Own) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    base, fresh, order = (was != now for was, now in zip(lack.numbers, snapshot.numbers, strict=True))
    if base:
        changes["base"] = snapshot.base
    if fresh:
        changes["fresh"] = snapshot.fresh
    if order:
        changes |= {"order": snapshot.order, "more": snapshot.more}
    if lack.own:
        changes |= own.shown()
    return changes


queue_broadcast: Final = QueueBroadcast()
