"""What stories about the assistant share: a question that it can answer, and a visitor who asks."""

from tests.makers import Visitor
from vink_chat.bootstrap import Runtime

QUESTION = "Чем отличается литая плёнка от каландрированной?"


async def told(house: Runtime, visitor: Visitor, text: str) -> None:
    await visitor.writes(text)
    await house.settle()
