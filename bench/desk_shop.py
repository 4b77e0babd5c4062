"""A busy shop for the desks' run: operators with sessions, visitors in conversations, and many other rows."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from vink_chat.conversations import Author, Conversation, Message, Reason, Status, Visitor, new_secret, visitor_id
from vink_chat.conversations.identity import secret_hash
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.operators import AccountStatus, Presence, policy
from vink_chat.operators.model import Operator, Session


@dataclass(frozen=True)
class Talker:
    """A visitor who writes, and the conversation."""

    secret: str
    conversation: UUID
    status: Status


@dataclass(frozen=True)
class Shop:
    """The operators' session tokens, and the visitors who write."""

    tokens: list[str]
    talkers: list[Talker]


async def fill(url: str, desks: int, talkers: int, others: int) -> Shop:
    """Fill a database: half of the writing visitors are attended, one per desk; the others have waited the longest."""
    database = Database(url)
    shop = Shop([], [])
    people = [Operator(name=f"Оператор {n}", status=AccountStatus.ACTIVE, presence=Presence.HERE) for n in range(desks)]
    rows: list[tuple[Visitor, Conversation, Message]] = []
    for number in range(talkers):
        status = Status.WAITING if number % 2 else Status.ATTENDED
        secret = new_secret()
        rows.append(_talk(secret, status, people[number // 2 % desks], hours=48))
        shop.talkers.append(Talker(secret, rows[-1][1].id, status))
    for number in range(others):
        status = (Status.WAITING, Status.ASSISTED, Status.ATTENDED, Status.CLOSED)[number % 4]
        rows.append(_talk(new_secret(), status, people[number % desks], hours=number % 24 + 1))
    async with database.transaction() as tx:
        tx.session.add_all(people)
        await tx.flush()
        for one in people:
            shop.tokens.append(secrets.token_urlsafe(32))
            end = now() + timedelta(days=1)
            tx.session.add(Session(operator_id=one.id, token_hash=policy.token_hash(shop.tokens[-1]), expires_at=end))
    # The server is running: no transaction may lock the file for long.
    for begin in range(0, len(rows), 500):
        async with database.transaction() as tx:
            for kind in range(3):
                tx.session.add_all([row[kind] for row in rows[begin : begin + 500]])
                await tx.flush()
    await database.close()
    return shop


def _talk(secret: str, status: Status, holder: Operator, hours: int) -> tuple[Visitor, Conversation, Message]:
    moment, later = now() - timedelta(hours=hours), now() + timedelta(days=1)
    owner = visitor_id(secret)
    waits, held = status is Status.WAITING, status in {Status.ATTENDED, Status.CLOSED}
    conversation = Conversation(
        id=uuid4(),
        visitor_id=owner,
        status=status,
        reason=Reason.BUTTON,
        operator_id=holder.id if held else None,
        operator_name=holder.name if held else "",
        asked_position=1,
        answered_position=1,
        last_text="Здравствуйте, подскажите по заказу",
        # Recent enough not to be closed as idle.
        last_at=now() - timedelta(seconds=hours),
        created_at=moment,
        waiting_since=moment if waits else None,
        # Alerted already, so that the scheduler does not touch them during the run.
        alerted_at=later if waits else None,
        form_offered_at=later if waits else None,
    )
    message = Message(
        conversation_id=conversation.id,
        visitor_id=owner,
        position=1,
        author=Author.VISITOR,
        text=conversation.last_text,
    )
    visitor = Visitor(id=owner, secret_hash=secret_hash(secret), last_position=1, name=f"Посетитель {owner.hex[:6]}")
    return visitor, conversation, message
