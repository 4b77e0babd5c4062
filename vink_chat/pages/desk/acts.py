"""What an operator does with the open conversation."""

from typing import Any

import reflex as rx

from vink_chat import conversations, handover, operators
from vink_chat.conversations import desk
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.refusals import Refusals
from vink_chat.pages.staff.signed_in import an_id


class DeskActs(Refusals, mixin=True):
    """The buttons and forms of the desk; which conversation they mean stands in ``opened``."""

    opened: str = rx.SessionStorage("", name="vink_desk")

    @rx.event
    async def reply(self, form: dict[str, Any]):
        """Answer the visitor, or leave a note."""
        try:
            asking, conversation_id = await self._at_work()
            fields = form if isinstance(form, dict) else {}
            async with db.transaction() as tx:
                await conversations.reply(
                    tx,
                    conversation_id,
                    asking.id,
                    asking.name,
                    fields.get("text"),
                    note=bool(fields.get("note")),
                    client_id=fields.get("client_id"),
                )
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def claim(self):
        """Take the open conversation."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.claim(tx, conversation_id, asking.id, asking.name)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""
        return DeskQueue.keep_in_sight(desk.Box.MINE.value)

    @rx.event
    async def resume(self):
        """Take up the open conversation again although it is over."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.resume(tx, conversation_id, asking.id, asking.name)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""
        return DeskQueue.keep_in_sight(desk.Box.MINE.value)

    @rx.event
    async def release(self):
        """Put the open conversation back into the queue."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.release(tx, conversation_id, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""
        return DeskQueue.keep_in_sight(desk.Box.WAITING.value)

    @rx.event
    async def give_back(self):
        """Return the open conversation to the assistant."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.give_back(tx, conversation_id, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def finish(self):
        """End the open conversation."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.transaction() as tx:
                await handover.finish(tx, conversation_id, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def transfer(self, form: dict[str, Any]):
        """Give the open conversation to a colleague, with a note."""
        try:
            asking, conversation_id = await self._at_work()
            fields = form if isinstance(form, dict) else {}
            note = conversations.line(fields.get("note"), 1000)
            async with db.transaction() as tx:
                colleague = await operators.operator(tx, an_id(fields.get("to")))
                reachable = colleague.can_sign_in or colleague.telegram_id is not None
                if colleague.status is not operators.AccountStatus.ACTIVE or not reachable:
                    raise operators.AccountDisabled
                await handover.transfer(tx, conversation_id, asking.id, colleague.id, colleague.name, note)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def describe(self, form: dict[str, Any]):
        """Write down who the visitor is."""
        try:
            _, conversation_id = await self._at_work()
            fields = form if isinstance(form, dict) else {}
            async with db.transaction() as tx:
                await desk.describe(
                    tx,
                    conversation_id,
                    name=fields.get("name"),
                    email=fields.get("email"),
                    phone=fields.get("phone"),
                )
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def write(self):
        """Let the visitor know that somebody is writing."""
        try:
            asking, conversation_id = await self._at_work()
            async with db.reading() as tx:
                conversation = await conversations.get(tx, conversation_id)
        except VinkError as refusal:
            return self._refuse(refusal)
        if conversations.holds(conversation, asking.id):
            signals.current().publish(signals.visitor_topic(conversation.visitor_id), "typing")

    async def _at_work(self):
        return await self._operator(), an_id(self.opened)
