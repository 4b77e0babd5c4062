"""The assistant's draft for the composer: asked for by a press, read and sent by a person."""

from typing import Final

import reflex as rx

from vink_chat import answering
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.acts import DeskActs
from vink_chat.pages.desk.views import DraftView
from vink_chat.pages.staff.signed_in import an_id

_NO_DRAFT: Final = DraftView(id="", text="", number=0)


class DeskDrafting(DeskActs, mixin=True):
    """What the assistant suggests.

    Attributes:
        drafting: The conversations a draft is being written for.
        draft: The last one that came; an empty composer takes it, beside what is being written it is offered.
    """

    drafting: list[str] = []
    draft: DraftView = _NO_DRAFT

    @rx.event(background=True)
    async def suggest(self, conversation_id: str):
        """Ask the assistant for a draft; the page is not held up meanwhile, and a second press asks nothing more."""
        async with self:
            try:
                asking, conversation = await self._operator(), an_id(conversation_id)
            except VinkError as refusal:
                return self._refuse(refusal)
            wanted = str(conversation)
            if wanted in self.drafting:
                return None
            self.drafting = [*self.drafting, wanted]
        text, refused = "", None
        try:
            text = await answering.suggest(conversation, asking.id)
        except VinkError as refusal:
            refused = refusal
        finally:
            async with self:
                self.drafting = [one for one in self.drafting if one != wanted]
        async with self:
            try:
                # Who was signed out meanwhile reads nothing.
                await self._operator(acts=False)
            except VinkError as refusal:
                return self._refuse(refusal)
            if refused:
                return await self._refuse_about(wanted, refused)
            self.draft = DraftView(id=wanted, text=text, number=self.draft["number"] + 1)
        return None

    @rx.event
    async def drop_draft(self, draft_number: int):
        """Put the draft away, unless another one has come since."""
        try:
            await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        if draft_number == self.draft["number"]:
            self._forget_drafts()
        return None

    def _forget_drafts(self) -> None:
        self.draft = DraftView(id="", text="", number=self.draft["number"])
