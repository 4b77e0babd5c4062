"""What the stories of the core are told with: visitors who write, operators who answer, threads to read."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from vink_chat import conversations, handover, operators
from vink_chat.answering import Run, runs
from vink_chat.conversations import Conversation, Message, Reason
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.operators import AccountStatus, Presence
from vink_chat.operators.model import Operator, Session

FOR_GOOD = timedelta(days=365)


@dataclass
class Visitor:
    """Somebody with a browser."""

    secret: str = field(default_factory=conversations.new_secret)

    @property
    def id(self) -> UUID:
        return conversations.visitor_id(self.secret)

    async def writes(self, text: str, client_id: str | None = None, **more: object) -> Message:
        async with db.transaction() as tx:
            return await conversations.receive(tx, self.secret, text, client_id, **more)

    async def presses_the_button(self, **more: Any) -> None:
        async with db.transaction() as tx:
            conversation = await conversations.open_for(tx, self.secret, conversations.VisitorContext(), **more)
            await handover.request(tx, conversation, Reason.BUTTON)

    async def stops_waiting(self) -> None:
        async with db.transaction() as tx:
            await handover.withdraw(tx, self.id)

    async def conversation(self) -> Conversation:
        async with db.reading() as tx:
            found = await conversations.newest(tx, self.id)
        assert found is not None, "the visitor has no conversation"
        return found

    async def reads(self) -> list[Message]:
        async with db.reading() as tx:
            return list(await conversations.thread(tx, self.id, limit=1000))

    async def texts(self, author: str = "") -> list[str]:
        return [message.text for message in await self.reads() if author in {"", message.author.value}]

    async def runs(self) -> list[Run]:
        conversation = await self.conversation()
        async with db.reading() as tx:
            return list(await runs(tx, conversation.id))


@dataclass
class Colleague:
    """An operator with an account."""

    id: UUID
    name: str

    async def claims(self, conversation_id: UUID) -> Conversation:
        async with db.transaction() as tx:
            return await handover.claim(tx, conversation_id, self.id, self.name)

    async def resumes(self, conversation_id: UUID) -> None:
        async with db.transaction() as tx:
            await handover.resume(tx, conversation_id, self.id, self.name)

    async def replies(self, conversation_id: UUID, text: str, **more: object) -> Message:
        async with db.transaction() as tx:
            return await conversations.reply(tx, conversation_id, self.id, self.name, text, **more)

    async def gives_back(self, conversation_id: UUID) -> None:
        async with db.transaction() as tx:
            await handover.give_back(tx, conversation_id, self.id)

    async def releases(self, conversation_id: UUID) -> None:
        async with db.transaction() as tx:
            await handover.release(tx, conversation_id, self.id)

    async def transfers(self, conversation_id: UUID, to: "Colleague", note: str = "") -> None:
        async with db.transaction() as tx:
            await handover.transfer(tx, conversation_id, self.id, to.id, to.name, note)

    async def goes(self, presence: Presence) -> None:
        async with db.transaction() as tx:
            await operators.set_presence(tx, self.id, presence)

    async def opens_a_desk(self, lasting: timedelta = timedelta(seconds=75)) -> UUID:
        """Sign in and open the desk; return the session."""
        session = Session(operator_id=self.id, token_hash=uuid4().hex, expires_at=now() + FOR_GOOD)
        async with db.transaction() as tx:
            tx.session.add(session)
        async with db.transaction() as tx:
            await operators.open_desk(tx, session.id, self.id, lasting)
        return session.id

    async def finishes_soon(self, conversation_id: UUID, position: int = 10**6) -> None:
        async with db.transaction() as tx:
            await handover.finish_soon(tx, conversation_id, self.id, position)

    async def keeps_open(self, conversation_id: UUID) -> None:
        async with db.transaction() as tx:
            await handover.keep_open(tx, conversation_id, self.id)

    async def finishes(self, conversation_id: UUID) -> None:
        async with db.transaction() as tx:
            await handover.finish(tx, conversation_id, self.id)


async def hire(name: str = "Анна", presence: Presence = Presence.HERE, *, at_desk: bool = True) -> Colleague:
    """Make an active account, with a desk that stays open unless said otherwise."""
    row = Operator(id=uuid4(), name=name, status=AccountStatus.ACTIVE, presence=presence)
    async with db.transaction() as tx:
        tx.session.add(row)
    colleague = Colleague(row.id, name)
    if at_desk:
        await colleague.opens_a_desk(FOR_GOOD)
    return colleague
