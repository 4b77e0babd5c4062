"""Blocking the visitor of the open conversation, and letting them write again."""

from typing import Any

import reflex as rx

from vink_chat import handover
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.refusals import Refusals
from vink_chat.pages.staff.signed_in import an_id


class DeskBlocking(Refusals, mixin=True):
    """The form in the visitor's column; it names the conversation it was drawn for."""

    @rx.event
    async def block(self, form: dict[str, Any]):
        """Block the visitor for a while or for good; their conversation ends."""
        try:
            asking = await self._operator()
            fields = form if isinstance(form, dict) else {}
            async with db.transaction() as tx:
                await handover.block(
                    tx,
                    an_id(fields.get("conversation")),
                    asking.id,
                    asking.name,
                    period=fields.get("period"),
                    reason=fields.get("reason"),
                    address=fields.get("whom") == "address",
                    admin=asking.is_admin,
                )
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""

    @rx.event
    async def unblock(self, conversation_id: str):
        """Let the visitor write again."""
        try:
            await self._operator()
            async with db.transaction() as tx:
                await handover.unblock(tx, an_id(conversation_id))
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""
