"""A refusal that was read is put away by hand."""

import reflex as rx

from vink_chat.kit.errors import VinkError
from vink_chat.pages.staff.signed_in import SignedIn


class Refusals(SignedIn, mixin=True):
    """What a desk's column was refused last."""

    @rx.event
    async def forget_refusal(self):
        """Put the refusal away."""
        try:
            await self._operator()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.refusal = ""
