"""What is ready goes first, and what follows from it."""

import asyncio

from vink_chat.kit import event_loop


async def test_what_follows_from_a_ready_callback_goes_first():
    loop = asyncio.get_running_loop()
    done: list[int] = []

    def step(number: int) -> None:
        done.append(number)
        if number < 5:
            loop.call_soon(step, number + 1)

    loop.call_soon(step, 1)
    await event_loop.yield_to_ready_tasks()
    assert done == [1, 2, 3, 4, 5]
