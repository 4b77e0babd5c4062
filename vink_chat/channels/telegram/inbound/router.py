"""Handles an update in one transaction: looks up its sender and topic, and calls the handler it is for."""

import contextlib
from collections.abc import AsyncGenerator

from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.inbound import addressee, commands, presses, replies, signup, transfer
from vink_chat.channels.telegram.inbound.context import FollowUp, UpdateContext, build_context, is_relevant
from vink_chat.channels.telegram.inbound.updates import (
    BlockChange,
    ButtonPress,
    ChatChange,
    GroupMigration,
    IncomingMessage,
    MembershipChange,
    TopicChange,
    Update,
)
from vink_chat.channels.telegram.outbound import failures
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say


async def handle(update: Update) -> FollowUp:
    """Handle an update, once, and record it as handled; a refusal is sent as the answer."""
    async with db.transaction() as tx:
        event = update.event
        if not await store.mark_update_handled(tx, update.number) or event is None or not is_relevant(event):
            return FollowUp()
        if not isinstance(event, IncomingMessage | ButtonPress):
            # There is no one to tell about a refusal: a conversation that cannot end stays open in its closed topic.
            with contextlib.suppress(VinkError):
                async with _undone_if_refused(tx):
                    return FollowUp(sync_all=await _handle_chat_change(tx, event))
            return FollowUp()
        context = await build_context(tx, event)
        try:
            async with _undone_if_refused(tx):
                await _route(context)
        except VinkError as refusal:
            return await _refuse(context, refusal)
        return context.follow_up


@contextlib.asynccontextmanager
async def _undone_if_refused(tx: Transaction) -> AsyncGenerator[None, None]:
    """Take back what was done, and the facts about it, when a refusal comes; the rest of the transaction stays."""
    emitted = len(tx.events)
    try:
        async with tx.session.begin_nested():
            yield
    except VinkError:
        del tx.events[emitted:]
        raise


async def _route(context: UpdateContext) -> None:
    if isinstance(context.event, ButtonPress):
        context.follow_up.press_id = context.event.press_id
        if context.is_from_operator:
            await presses.press(context)
    elif context.event.anonymous:
        await _ask_for_a_name(context)
    elif context.is_from_operator:
        await _route_message(context)
    elif not context.event.edited:
        await signup.answer_stranger(context)


async def _route_message(context: UpdateContext) -> None:
    """Offer a message to each handler until one takes it."""
    for takes in (addressee.continue_split, commands.run, replies.correct, transfer.take_note):
        if await takes(context):
            return
    await replies.reply(context)


async def _handle_chat_change(tx: Transaction, event: ChatChange) -> bool:
    """Handle a change of a chat; true if every chat must be brought up to date."""
    match event:
        case MembershipChange(inside=True):
            return await group.note_return(tx, event.chat_id)
        case MembershipChange():
            return await group.note_loss(tx, event.chat_id)
        case TopicChange():
            await replies.on_topic_changed(tx, event)
        case GroupMigration():
            await group.migrate(tx, event.before, event.after)
            return True
        case BlockChange(blocked=True):
            await failures.give_up_chat(tx, event.person.id, "bot was blocked by the user")
        case BlockChange():
            pass
    return False


async def _ask_for_a_name(context: UpdateContext) -> None:
    """Tell someone who wrote in a topic in the group's or a channel's name that the visitor did not get it."""
    if context.link_id is not None:
        text = say(
            "Посетитель этого не получил: вы пишете от имени группы или канала. Выберите отправителем себя и повторите."
        )
        await context.tell(text)


async def _refuse(context: UpdateContext, refusal: VinkError) -> FollowUp:
    if not context.is_from_operator and not await link_store.mark_stranger_answered(
        context.tx, context.event.person.id
    ):
        # A stranger gets one answer, even if that is a refusal.
        return FollowUp()
    text = refusal.say(context.language)
    if isinstance(context.event, ButtonPress):
        return FollowUp(context.event.press_id, text, alert=True)
    await addressee.remember_split(context)
    await context.tell(text)
    return FollowUp()


async def skip(update: Update) -> FollowUp:
    """Record an update as broken, and apologise to its sender if they expect an answer."""
    async with db.transaction() as tx:
        is_new = await store.mark_update_handled(tx, update.number, broken=True)
        if not isinstance(update.event, IncomingMessage | ButtonPress) or not is_relevant(update.event):
            return FollowUp()
        context = await build_context(tx, update.event)
        text = context.say("Не получилось. Попробуйте ещё раз.")
        if isinstance(update.event, ButtonPress):
            return FollowUp(update.event.press_id, text, alert=True)
        if is_new and context.is_from_operator and (update.event.private or context.link_id):
            await outbox.send_text(tx, update.event.chat_id, text, link_id=context.link_id)
        return FollowUp()
