"""What is ready goes first, and what follows from it."""

import asyncio

from vink_chat.kit import turns


async def test_what_follows_from_a_ready_callback_goes_first():
    loop = asyncio.get_running_loop()
    done: list[int] = []

    def step(number: int) -> None:
        done.append(number)
        if number < 5:
            loop.call_soon(step, number + 1)

    loop.call_soon(step, 1)
    await turns.after_you()
    assert done == [1, 2, 3, 4, 5]
