"""A Runtime with a bot in a process of its own, for tests that kill it: arguments are a database, an address, limits.

Limits: ``<calls a window> <window, seconds> <seconds between two calls of a chat>`` for groups. Each line of its input,
``{"secret": …, "name": …, "text": …, "call": true}``, is what a visitor's browser sends; it is acknowledged by its name
once it is kept, and may be sent again.
"""

import asyncio
import json
import sys

from tests.emulators.telegram import TOKEN
from tests.houses import settings
from vink_chat import conversations, handover
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Limits
from vink_chat.conversations import Reason
from vink_chat.kit import db


async def main() -> None:
    """Serve until killed."""
    url, address, group, window, gap = sys.argv[1:]
    chosen = settings(url).model_copy(update={"telegram_token": TOKEN, "telegram_base_url": address})
    limits = Limits(group=int(group), group_window=float(window), chat_gap=float(gap))
    house = Runtime(chosen, ScriptedProvider(otherwise="Записал [1]."), limits)
    await house.start()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        await _written(json.loads(line))


async def _written(said: dict[str, str]) -> None:
    async with db.transaction() as tx:
        await conversations.receive(tx, said["secret"], said["text"], said["name"])
        if said["call"]:
            conversation = await conversations.open_for(tx, said["secret"], conversations.VisitorContext())
            await handover.request(tx, conversation, Reason.BUTTON)
    sys.stdout.write(f"{said['name']}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
