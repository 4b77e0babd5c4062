"""Keeps the index of this process up to date: built once, then updated from the changes recorded in the database.

A few changes are applied before the question that finds them is answered. Many, as after an import, are applied in
portions in the background, while questions are answered with the index as it is.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.event_loop import yield_to_ready_tasks
from vink_chat.knowledge import entries, store
from vink_chat.knowledge.index import Index, build
from vink_chat.knowledge.store import State

_FEW: Final = 20
_READ_AT_ONCE: Final = 50
_REMEMBERED: Final = 500


@dataclass
class _Kept:
    """An index and the states it has gone through; it also serves older snapshots.

    Attributes:
        lock: Held while a thread applies changes, so that they are applied one after another.
    """

    index: Index
    state: State
    seen: deque[State] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    applying: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def __post_init__(self) -> None:
        self.seen.append(self.state)

    def reach(self, state: State) -> None:
        """Record that the index is up to date with a later state."""
        self.state = state
        self.seen.append(state)


_kept: _Kept | None = None
_making: asyncio.Task[_Kept] | None = None
_following: asyncio.Task[None] | None = None


async def current(tx: Transaction) -> Index:
    """Return the index with every change of this snapshot, except those of a large import still being applied."""
    if store.is_changing(tx):
        return (await _made(tx)).index
    state = await store.state(tx)
    kept = _kept
    if kept is None or not await _catches_up(tx, kept, state):
        kept = await _single()
    return kept.index


async def _catches_up(tx: Transaction, kept: _Kept, state: State) -> bool:
    """Bring an index up to a state, now or soon; false if it belongs to another database or is too old."""
    global _following  # noqa: PLW0603  one follower a process
    while state not in kept.seen:
        since = kept.state
        changes = await store.changes(tx, since, _FEW)
        if changes is None:
            return False
        if len(changes) > _FEW:
            if _following is None or _following.done():
                _following = asyncio.create_task(_follow(kept), name="knowledge: follow")
            return True
        if not changes:
            return True
        await _apply(tx, kept, since, changes)
    return True


async def _apply(tx: Transaction, kept: _Kept, since: State, changes: list[tuple[State, entries.UUID]]) -> None:
    article_ids = {article_id for _, article_id in changes}
    sources = await store.sources_of(tx, article_ids)
    task = asyncio.create_task(_take_in(kept, since, article_ids, sources, changes[-1][0]), name="knowledge: apply")
    kept.applying.add(task)
    task.add_done_callback(kept.applying.discard)
    # A cancelled caller must not leave a half-updated article.
    await asyncio.shield(task)


async def _take_in(
    kept: _Kept, since: State, article_ids: set[entries.UUID], sources: list[entries.Source], state: State
) -> None:
    async with kept.lock:
        # Another question may have updated it meanwhile.
        if kept.state == since:
            await asyncio.to_thread(_put_changed, kept.index, article_ids, sources)
            kept.reach(state)


def _put_changed(index: Index, article_ids: set[entries.UUID], sources: list[entries.Source]) -> None:
    for article_id in article_ids - {source.id for source in sources}:
        index.drop(article_id)
    _put_all(index, sources)


async def _follow(kept: _Kept) -> None:
    """Apply many changes in portions."""
    while True:
        async with db.reading() as tx:
            since = kept.state
            changes = await store.changes(tx, since, _FEW)
            if not changes:
                return
            await _apply(tx, kept, since, changes[:_FEW])
        await yield_to_ready_tasks()


async def prepare() -> None:
    """Build the index before the first question; a question that comes meanwhile waits for the same build."""
    async with db.reading() as tx:
        await current(tx)


async def stop() -> None:
    """Stop building and updating the index, before the database closes."""
    tasks = [task for task in (_making, _following, *(_kept.applying if _kept else ())) if task and not task.done()]
    tasks = [task for task in tasks if task.get_loop() is asyncio.get_running_loop()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _single() -> _Kept:
    """Build the index once, however many callers wait for it; a cancelled caller does not stop the build."""
    global _making, _kept  # noqa: PLW0603  one index a process
    if _making is None or _making.done() or _making.get_loop() is not asyncio.get_running_loop():
        _making = asyncio.create_task(_make(), name="knowledge: index")
    made = await asyncio.shield(_making)
    _kept = made
    return made


async def _make() -> _Kept:
    async with db.reading() as tx:
        return await _made(tx)


async def _made(tx: Transaction) -> _Kept:
    state = await store.state(tx)
    made = await asyncio.to_thread(build, [])
    part = await store.sources(tx, limit=_READ_AT_ONCE)
    while part:
        await asyncio.to_thread(_put_all, made, part)
        part = await store.sources(tx, part[-1].id, limit=_READ_AT_ONCE)
    return _Kept(made, state)


def _put_all(index: Index, sources: list[entries.Source]) -> None:
    for source in sources:
        index.put(entries.read(source))
    index.vocabulary.sort()
