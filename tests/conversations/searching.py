"""What the tests of the search share: writing messages and looking at the hits."""

from tests.makers import Visitor
from vink_chat.conversations import search, visitors
from vink_chat.kit import db


async def find(words: str, **more: int) -> search.SearchResult:
    async with db.reading() as tx:
        return await search.find(tx, words, **more)


async def names(words: str) -> list[str]:
    return list(dict.fromkeys(hit.visitor_name for hit in (await find(words)).hits))


async def texts(words: str) -> list[str]:
    return ["".join(piece.text for piece in hit.pieces) for hit in (await find(words)).hits]


async def marked(words: str) -> list[list[str]]:
    return [[piece.text for piece in hit.pieces if piece.marked] for hit in (await find(words)).hits]


async def speaks(name: str, *texts: str, phone: str = "") -> Visitor:
    visitor = Visitor()
    for said in texts:
        await visitor.writes(said)
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await visitors.describe(
            tx, conversation.id, name=name, email=f"{conversation.id.hex[:8]}@example.com", phone=phone
        )
    return visitor
