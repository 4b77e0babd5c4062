"""Twenty conversations at once in one group at its limits, while everything goes wrong that can."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.channels import desk
from tests.channels.desk import joins, tag
from tests.emulators import telegram
from tests.emulators.telegram import Pace, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from tests.schema import ROOT
from vink_chat import preferences

OLGA, GROUP = 11, -1001
VISITORS, EACH = 20, 6
AFTER = "<после удаления>"
# The real limits, a minute made two seconds.
LIMITS = ("20", "2.0", "0.04")
PACE = Pace(overall=1000, chat_gap=0.04, group=20, group_window=2.0, tolerance=0.5)


class Browsers:
    """The visitors' side: what was written is sent again until the server said that it is kept."""

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}

    def write(self, visitor: Visitor, name: str, text: str, *, call: bool = False) -> None:
        """Have a visitor write."""
        self.waiting[name] = json.dumps({"secret": visitor.secret, "name": name, "text": text, "call": call}) + "\n"

    @asynccontextmanager
    async def served(self, url: str, bot: Telegram) -> AsyncIterator[None]:
        """Serve them by a process that is killed at the end, as by a power cut."""
        arguments = ("-m", "tests.channels.house_process", url, bot.base_url, *LIMITS)
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        running = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, **pipes)
        assert running.stdin
        assert running.stdout
        hearing = asyncio.create_task(self._hear(running.stdout))
        try:
            running.stdin.writelines(line.encode() for line in self.waiting.values())
            await running.stdin.drain()
            yield
        finally:
            running.kill()
            await running.wait()
            await hearing
            running.stdin.close()

    async def _hear(self, output: asyncio.StreamReader) -> None:
        while line := await output.readline():
            self.waiting.pop(line.decode().strip(), None)


def of(bot: Telegram, visitor: Visitor) -> str:
    """What the group reads of a visitor, over all topics of his; the card repeats the question and does not count."""
    threads = [thread for (_, thread), topic in bot.topics.items() if topic["name"].endswith(tag(visitor))]
    return "\n".join(one.text for thread in threads for one in bot.seen(GROUP, thread) if "Чего хочет" not in one.text)


def order(text: str) -> list[str]:
    """The marks of a visitor's messages as they came; one that came twice counts where it came first."""
    return list(dict.fromkeys(word for word in text.split() if word.startswith("<")))


@pytest.mark.timeout(300)
async def test_every_message_of_twenty_conversations_arrives_in_order(sqlite_tables_url: str, capsys):
    bot, luck, browsers = Telegram(pace=PACE), random.Random(7), Browsers()
    visitors = [Visitor() for _ in range(VISITORS)]
    wanted = [f"<{number}>" for number in range(EACH)]
    async with telegram.running(bot):
        async with desk.working(sqlite_tables_url, bot):
            await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
            await joins(bot, OLGA, "Ольга")
        for number in range(EACH):
            for index, visitor in enumerate(visitors):
                text = f"<{number}> " + "слово " * luck.randint(1, 30)
                browsers.write(visitor, f"{index}-{number}", text, call=number == 0)

        async with browsers.served(sqlite_tables_url, bot):
            await bot.until(lambda: len(bot.seen(GROUP)) > 5, "the first of it", 60)
            bot.fail("sendMessage", 3, kind="cut")
            bot.fail("createForumTopic", 2, retry_after=1)
            bot.fail("sendMessage", 2, code=502)
            await bot.until(lambda: len(bot.seen(GROUP)) > 25, "a part of it", 60)
        before = len(bot.seen(GROUP))
        doubtful = len(browsers.waiting)
        thread = next(thread for (_, thread) in bot.topics)
        victim = next(one for one in visitors if bot.topics[GROUP, thread]["name"].endswith(tag(one)))
        bot.delete_topic(GROUP, thread)
        browsers.write(victim, "after", AFTER)
        others = [visitor for visitor in visitors if visitor is not victim]

        async with browsers.served(sqlite_tables_url, bot):
            await bot.until(lambda: AFTER in of(bot, victim), "the new topic", 60)
            await bot.until(lambda: all(len(order(of(bot, one))) == EACH for one in others), "all of it", 90)

        assert [order(of(bot, visitor)) for visitor in others] == [wanted] * len(others)
        assert bot.early == 0
    counts = (
        f"{VISITORS} conversations, {VISITORS * EACH + 1} messages: all there and in order; "
        f"{sum(name != 'getUpdates' for _, name, _ in bot.calls)} calls, {len(bot.seen(GROUP))} messages in the group, "
        f"{before} of them before the kill, {doubtful} not yet acknowledged then; "
        f"{sum(code == 429 for _, code, _ in bot.refusals)} answers 429, {bot.early} calls too early after one"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{counts}\n")
