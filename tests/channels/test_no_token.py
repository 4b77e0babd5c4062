"""Without a token nothing of Telegram runs, or is even imported."""

import asyncio
import subprocess
import sys

from tests.program import environment
from tests.schema import ROOT

_LOOK = """
import asyncio, sys
from vink_chat import bootstrap, config

def code_of(task):
    frame = task.get_coro().cr_frame
    return f"{frame.f_globals['__name__'] if frame else ''}.{task.get_coro().__qualname__}"

async def look():
    house = await bootstrap.start(config.read())
    await asyncio.sleep(0.2)
    tasks = [name for name in map(code_of, asyncio.all_tasks()) if "telegram" in name.lower()]
    loaded = [name for name in sys.modules if name.split(".")[0] == "telegram" or "channels.telegram" in name]
    await house.stop()
    print("tasks", tasks, "loaded", loaded)

asyncio.run(look())
"""


async def test_without_a_token_nothing_of_it_is_there(sqlite_tables_url: str):
    env = environment({"VINK_DATABASE_URL": sqlite_tables_url})
    command = [sys.executable, "-W", "error", "-c", _LOOK]

    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "tasks [] loaded []"
    assert "ERROR" not in done.stderr
    assert "elegram" not in done.stderr
