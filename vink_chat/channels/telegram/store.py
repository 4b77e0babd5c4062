"""The SQL of the places conversations have in Telegram."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from vink_chat.channels.model import Link, Stand
from vink_chat.conversations import Conversation, Status
from vink_chat.kit.db import Transaction


async def link(tx: Transaction, link_id: int) -> Link | None:
    """Find a link."""
    return await tx.session.get(Link, link_id)


async def links(tx: Transaction, conversation_id: UUID) -> list[Link]:
    """List the places of a conversation."""
    statement = select(Link).where(Link.conversation_id == conversation_id).order_by(col(Link.id)).limit(1000)
    return list((await tx.session.exec(statement)).all())


async def topic_link(tx: Transaction, chat_id: int, thread_id: int) -> Link | None:
    """Find the conversation of a topic."""
    statement = select(Link).where(Link.chat_id == chat_id, Link.thread_id == thread_id)
    return (await tx.session.exec(statement)).first()


async def open_links(tx: Transaction, chat_id: int) -> Sequence[Link]:
    """List the conversations held in an operator's own chat, the one last written in first."""
    statement = (
        select(Link)
        .where(Link.chat_id == chat_id, Link.stand == Stand.OPEN)
        .order_by(col(Link.touched_at).desc())
        .limit(100)
    )
    return (await tx.session.exec(statement)).all()


async def running(tx: Transaction) -> list[UUID]:
    """List the conversations that wait or are held, and those whose places in Telegram are not over yet."""
    moving = (
        select(Conversation.id)
        .where(col(Conversation.status).in_([Status.WAITING, Status.ATTENDED]))
        .order_by(col(Conversation.last_at))
        .limit(1000)
    )
    placed = select(Link.conversation_id).where(col(Link.stand) != Stand.OVER).order_by(col(Link.id)).limit(1000)
    both = [*(await tx.session.exec(moving)).all(), *(await tx.session.exec(placed)).all()]
    return list(dict.fromkeys(both))
