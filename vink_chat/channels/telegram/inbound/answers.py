"""An answer to a message of ours may come before that message's number is written down.

Telegram shows a message before it says ok to us, so whoever answers while that ok is on its way answers a number nobody
knows yet. It is known as soon as the call under way has ended.
"""

import asyncio
import contextlib

from vink_chat.channels import outbox, store
from vink_chat.channels.telegram.bot import CALL_SECONDS
from vink_chat.channels.telegram.inbound.updates import Incoming, Said
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now


async def written_down(what: Incoming) -> None:
    """Wait until the message that is answered is known, or the call that may have sent it is over.

    Of a chat one call is under way at a time, so at most this one is waited for, and no longer than a call may take. No
    transaction may be open: the number is written down in another.
    """
    if not isinstance(what, Said) or what.answers is None or not what.answers_us:
        return
    async with signals.current().subscribe(outbox.settled_topic(what.chat_id)) as heard:
        first = await _sending(what.chat_id, what.answers)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CALL_SECONDS):
                while first is not None and await _sending(what.chat_id, what.answers) == first:
                    await heard.next()


async def _sending(chat_id: int, number: int) -> int | None:
    async with db.reading() as tx:
        known = await store.heard(tx, chat_id, number)
        return None if known else await store.under_way(tx, chat_id, now())
