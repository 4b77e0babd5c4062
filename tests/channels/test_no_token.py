"""Without a token nothing of Telegram runs, or is even imported."""

import asyncio
import subprocess
import sys

from tests.program import environment
from tests.schema import ROOT

_LOOK = """
import asyncio, sys
from vink_chat import bootstrap, config

async def look():
    house = await bootstrap.start(config.read())
    await asyncio.sleep(0.2)
    tasks = [repr(task) for task in asyncio.all_tasks() if "telegram" in repr(task).lower()]
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
