"""What an update comes to: who it is from, whether he is heard, and which part of the desk it goes to."""

from typing import Final

from vink_chat import operators, preferences
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import group
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.inbound import addressee, commands, presses, replies, signup
from vink_chat.channels.telegram.inbound.context import After, Visit
from vink_chat.channels.telegram.inbound.updates import (
    Incoming,
    Left,
    Moved,
    Pressed,
    Raw,
    Said,
    Standing,
    TopicShut,
    read,
)
from vink_chat.channels.telegram.outbound import failures
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import DEFAULT_LANGUAGE, best_language, say
from vink_chat.operators import AccountStatus
from vink_chat.preferences import Telegram

ELSEWHERE: Final = (Left, Moved, Standing, TopicShut)
"""What happened to a chat, rather than was said in it."""


async def handled(number: int, what: Incoming) -> After:
    """Do what an update asks, once, and note it as handled; a refusal is an answer too."""
    async with db.transaction() as tx:
        if not await store.first_time(tx, number):
            return After()
        announced = len(tx.events)
        try:
            async with tx.session.begin_nested():
                return await _routed(tx, what)
        except VinkError as refusal:
            del tx.events[announced:]
            return await _refused(tx, what, refusal)


async def _routed(tx: Transaction, what: Incoming) -> After:
    if what is None or (isinstance(what, Said) and not _heard_here(what)):
        return After()
    if isinstance(what, ELSEWHERE):
        return After(look=await _chat_changed(tx, what))
    if isinstance(what, Said) and what.masked:
        await _unmask(tx, what)
        return After()
    known = await operators.by_telegram(tx, what.person.id)
    if known is None or known.status is not AccountStatus.ACTIVE:
        if isinstance(what, Said) and not what.edited:
            await signup.stranger(tx, what, known, await _place(tx, what))
        return After(what.press_id) if isinstance(what, Pressed) else After()
    visit = Visit(tx, what, known, await _place(tx, what))
    if isinstance(what, Pressed):
        await presses.pressed(visit, what)
    elif not await addressee.continue_cut(visit, what) and not await commands.run(visit, what):
        await replies.said(visit, what)
    return visit.after


async def _chat_changed(tx: Transaction, what: Left | Moved | Standing | TopicShut) -> bool:
    """Follow what happened to a chat; true when every conversation is to be looked at."""
    if isinstance(what, Standing):
        return await (group.found(tx, what.chat_id) if what.inside else group.lost(tx, what.chat_id))
    if isinstance(what, TopicShut):
        await replies.topic_shut(tx, what)
    elif isinstance(what, Moved):
        await failures.follow_group(tx, what.before, what.after)
        return True
    elif what.blocked:
        await failures.chat_closed(tx, what.person.id, "bot was blocked by the user")
    return False


async def _unmask(tx: Transaction, what: Said) -> None:
    """Say that nobody got what was said in another's name, where it was meant for a visitor."""
    if (place := await _place(tx, what)) is not None:
        words = say(
            "Посетитель этого не получил: вы пишете от имени группы или канала. Выберите отправителем себя и повторите."
        )
        await outbox.text(tx, what.chat_id, words, answers=what.number, link_id=place)


def _heard_here(what: Said) -> bool:
    return what.private or what.chat_id == preferences.current(Telegram).group_id


async def _refused(tx: Transaction, what: Incoming, refusal: VinkError) -> After:
    if what is None or isinstance(what, ELSEWHERE):
        return After()
    known = await operators.by_telegram(tx, what.person.id)
    if (known is None or known.status is not AccountStatus.ACTIVE) and not await links.first_answer(tx, what.person.id):
        # A stranger is answered once, be it by a refusal.
        return After()
    words = refusal.say(known.language if known else best_language(what.person.language))
    if isinstance(what, Pressed):
        return After(what.press_id, words, alert=True)
    number = None if what.private else what.number
    await addressee.remember_cut(tx, what)
    await outbox.text(tx, what.chat_id, words, answers=number, link_id=await _place(tx, what))
    return After()


async def _place(tx: Transaction, what: Said | Pressed) -> int | None:
    if isinstance(what, Pressed) or what.thread_id is None:
        return None
    link = await links.topic_link(tx, what.chat_id, what.thread_id)
    return link.id if link else None


async def left_behind(number: int, raw: Raw) -> After:
    """Note an update as broken, and tell whoever sent it, where that can be told."""
    async with db.transaction() as tx:
        fresh = await store.first_time(tx, number, broken=True)
        try:
            what = read(raw)
        except (KeyError, TypeError, ValueError, AttributeError):
            return After()
        if what is None or isinstance(what, ELSEWHERE):
            return After()
        known = await operators.by_telegram(tx, what.person.id)
        words = say("Не получилось. Попробуйте ещё раз.", known.language if known else DEFAULT_LANGUAGE)
        if isinstance(what, Pressed):
            return After(what.press_id, words, alert=True)
        place = await _place(tx, what) if _heard_here(what) else None
        active = known is not None and known.status is AccountStatus.ACTIVE
        if fresh and active and (what.private or place):
            await outbox.text(tx, what.chat_id, words, link_id=place)
        return After()
