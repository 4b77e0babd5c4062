"""What every administrators' page knows: who is signed in, and the words in their language."""

import reflex as rx

from vink_chat.kit.errors import VinkError
from vink_chat.pages.admin.words import words
from vink_chat.pages.staff.signed_in import SignedIn


class AdminFrame(SignedIn, rx.State):
    """The frame around a page: navigation, the name of who is signed in, every sentence."""

    t: dict[str, str] = {}
    name: str = ""

    @rx.event
    async def enter(self):
        """Let an administrator in, and nobody else."""
        self.name = ""
        try:
            asking = await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.t = words(self._language())
        self.name, self.refusal = asking.name, ""
        return None
