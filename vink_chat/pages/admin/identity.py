"""The secret by which a site signs its own users' ids: shown on request, to an administrator alone."""

import reflex as rx

from vink_chat import preferences
from vink_chat.components import button, checkbox
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame_state import AdminFrame
from vink_chat.pages.shared.panels import panel
from vink_chat.pages.staff.signed_in import SignedIn

t = AdminFrame.t


class IdentityDesk(SignedIn, rx.State):
    """The signing secret, while it is looked at."""

    secret: str = ""
    signs: bool = False
    timeless: bool = False

    @rx.event
    async def open(self):
        """Begin with the secret out of sight."""
        self.secret, self.refusal = "", ""
        try:
            await self._admin()
            async with db.reading() as tx:
                section = await preferences.read(tx, preferences.Identity)
            self.signs, self.timeless = bool(section.secret), section.timeless
        except VinkError as refusal:
            return self._refuse(refusal)
        return None

    @rx.event
    async def show(self):
        """Show the secret; make one when there is none."""
        return await self._shown(renew=False)

    @rx.event
    async def renew(self):
        """Make another secret; signatures made with the old one hold no longer."""
        return await self._shown(renew=True)

    @rx.event
    async def accept_timeless(self, enabled: bool):  # noqa: FBT001  the handler's one choice
        """Take, or no longer take, signatures that hold for ever."""
        try:
            asking = await self._admin()
            async with db.transaction() as tx:
                section = await preferences.read(tx, preferences.Identity)
                await preferences.save(tx, preferences.change(section, timeless=enabled), asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.timeless = enabled
        return None

    async def _shown(self, *, renew: bool):
        self.secret = ""
        try:
            asking = await self._admin()
            async with db.transaction() as tx:
                section = await preferences.read(tx, preferences.Identity)
                if renew or not section.secret:
                    # A site that signed before goes on as it does; one that begins signs with a time.
                    section = preferences.Identity.fresh(timeless=bool(section.secret) and section.timeless)
                    await preferences.save(tx, section, asking.id)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.secret, self.signs, self.timeless = section.secret, True, section.timeless
        return None


def signing() -> rx.Component:
    """The panel on the page of the look."""
    return panel(
        t["identity"],
        rx.el.p(t["identity_hint"], class_name=parts.SMALL),
        rx.cond(
            IdentityDesk.secret != "",
            parts.secret_link(IdentityDesk.secret, t["identity_keep"]),
            rx.el.div(button(t["identity_show"], on_click=IdentityDesk.show, classes="px-4"), class_name="flex"),
        ),
        rx.cond(
            IdentityDesk.signs,
            rx.el.div(
                checkbox(
                    t["identity_timeless"],
                    "timeless",
                    checked=IdentityDesk.timeless,
                    on_change=IdentityDesk.accept_timeless,
                ),
                rx.el.p(t["identity_timeless_hint"], class_name=parts.SMALL),
            ),
        ),
        rx.el.div(
            parts.confirmed(t["identity_renew"], t["identity_sure"], IdentityDesk.renew, key="renew-identity"),
            class_name="flex",
        ),
    )
