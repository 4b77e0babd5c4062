"""The channel interface, and the channel that runs in this process."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from vink_chat.channels import store
from vink_chat.kit.db import Transaction

_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many calls a channel may make: overall, in one chat, in one group. Windows in seconds."""

    overall: int = 30
    overall_window: float = 1.0
    chat_gap: float = 1.0
    group: int = 20
    group_window: float = 60.0


@dataclass(frozen=True, slots=True)
class Health:
    """The health of a channel.

    Attributes:
        heard_at: When the vendor last answered; None if it never did.
        fault: ``token`` (rejected), ``contested`` (another program uses it), ``away`` (no answer); empty if healthy.
        waiting: How many rows of the outbox are pending.
        oldest: When the oldest of them was created.
        group_lost: Whether the bot is not in its group.
    """

    heard_at: datetime | None
    fault: str
    waiting: int
    oldest: datetime | None
    group_lost: bool


class Channel(Protocol):
    """A messenger in which operators answer visitors."""

    async def start(self) -> None:
        """Connect and start delivering messages."""
        ...

    async def stop(self) -> None:
        """Finish the calls in flight and disconnect."""
        ...

    def accepts_secret(self, secret: str) -> bool:
        """Tell whether this is the webhook secret."""
        ...

    async def deliver(self, secret: str, body: bytes) -> bool:
        """Take an update the vendor pushed; false when its secret is wrong."""
        ...


_current: Channel | None = None


def use(channel: Channel | None) -> None:
    """Set the channel of this process; ``bootstrap`` does this once."""
    global _current  # noqa: PLW0603  the composition root sets it
    _current = channel


def accepts_secret(secret: str) -> bool:
    """Tell whether this is the webhook secret, before the body of an update is read."""
    return _current is not None and _current.accepts_secret(secret)


async def deliver(secret: str, body: bytes) -> bool:
    """Hand a pushed update to the channel of this process; false when there is none, or the secret is wrong."""
    return _current is not None and await _current.deliver(secret, body)


async def bot_name(tx: Transaction) -> str:
    """Return the bot's username; empty while it is unknown."""
    name = (await store.lease(tx)).bot_name
    return name if _NAME.fullmatch(name) else ""


async def push_fault(tx: Transaction) -> str:
    """Return why Telegram refused the webhook, so that updates are polled; empty if it did not."""
    return (await store.lease(tx)).push_fault


async def health(tx: Transaction) -> Health:
    """Return the health of the channel."""
    lease, (waiting, oldest) = await store.lease(tx), await store.backlog(tx)
    return Health(lease.heard_at, lease.fault, waiting, oldest, lease.lost_group is not None)


async def start_link(tx: Transaction, payload: str) -> str:
    """Return a deep link that opens the bot with a start parameter; empty while its username is unknown.

    Bot API: deep linking, https://core.telegram.org/bots/features#deep-linking. The parameter is 1 to 64 letters,
    digits, ``_`` and ``-``; for any other payload the result is empty too.
    """
    name = await bot_name(tx)
    return f"https://t.me/{name}?start={payload}" if name and _PAYLOAD.fullmatch(payload) else ""
