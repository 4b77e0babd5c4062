"""The chat's appearance with a preview, the line that embeds it, and the secret a site signs its users with."""

from typing import Any, Final

import reflex as rx

from vink_chat import preferences
from vink_chat.components import button, checkbox, field, icon
from vink_chat.kit import db
from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.section_forms import SectionForms
from vink_chat.pages.shared.brand import brand_tile, broken_logo
from vink_chat.pages.shared.panels import panel
from vink_chat.pages.staff.signed_in import SignedIn, shows_refusals

t = AdminFrame.t


class IdentityState(SignedIn, rx.State):
    """The signing secret, loaded only when an administrator asks to see it."""

    secret: str = ""
    signs: bool = False
    timeless: bool = False

    @rx.event
    @shows_refusals
    async def open(self):
        """Load the page with the secret hidden."""
        self.secret, self.refusal = "", ""
        await self._admin()
        async with db.reading() as tx:
            section = await preferences.read(tx, preferences.Identity)
        self.signs, self.timeless = bool(section.secret), section.timeless

    @rx.event
    async def show(self):
        """Show the secret; make one when there is none."""
        return await self._shown(renew=False)

    @rx.event
    async def renew(self):
        """Replace the secret; signatures made with the previous one become invalid."""
        return await self._shown(renew=True)

    @rx.event
    @shows_refusals
    async def accept_timeless(self, enabled: bool):  # noqa: FBT001  the handler's one choice
        """Accept, or stop accepting, signatures without a time."""
        admin = await self._admin()
        async with db.transaction() as tx:
            section = await preferences.read(tx, preferences.Identity)
            await preferences.save(tx, preferences.change(section, timeless=enabled), admin.id)
        self.timeless = enabled

    @shows_refusals
    async def _shown(self, *, renew: bool):
        self.secret = ""
        admin = await self._admin()
        async with db.transaction() as tx:
            section = await preferences.read(tx, preferences.Identity)
            if renew or not section.secret:
                # A site that already signs without a time may go on; a new one signs with a time.
                section = preferences.Identity.with_new_secret(timeless=bool(section.secret) and section.timeless)
                await preferences.save(tx, section, admin.id)
        self.secret, self.signs, self.timeless = section.secret, True, section.timeless


def signing() -> rx.Component:
    """The panel of the signing secret."""
    return panel(
        t["identity"],
        rx.el.p(t["identity_hint"], class_name=parts.SMALL),
        rx.cond(
            IdentityState.secret != "",
            parts.secret_link(IdentityState.secret, t["identity_keep"]),
            rx.el.div(button(t["identity_show"], on_click=IdentityState.show, classes="px-4"), class_name="flex"),
        ),
        rx.cond(
            IdentityState.signs,
            rx.el.div(
                checkbox(
                    t["identity_timeless"],
                    "timeless",
                    checked=IdentityState.timeless,
                    on_change=IdentityState.accept_timeless,
                ),
                rx.el.p(t["identity_timeless_hint"], class_name=parts.SMALL),
            ),
        ),
        rx.el.div(
            parts.confirmed(t["identity_renew"], t["identity_sure"], IdentityState.renew, key="renew-identity"),
            class_name="flex",
        ),
    )


_HERE = rx.Var("(typeof location === 'undefined' ? '' : location.origin)", _var_type=str)
_HOME = rx.cond(AdminFrame.home != "", AdminFrame.home, _HERE).to(str)
_LINE = rx.Var.create('<script src="') + _HOME + rx.Var.create('/widget.js" async></script>')
# Sends the whole form, debounced: of two quick changes only the later one is sent.
_OURS: Final = "rounded-bl-md bg-(--raised)"
_PREVIEW = SectionForms.preview.debounce(150)(fields.typed("look"))


def look() -> rx.Component:
    """The page of the appearance."""
    beside = rx.el.div(
        _form(), _preview(), class_name="grid gap-5 items-start lg:grid-cols-[minmax(0,1fr)_minmax(18rem,22rem)]"
    )
    return frame("look", fields.page(beside, _paste(), signing()))


def _form() -> rx.Component:
    return fields.form(
        "look",
        t["appearance"],
        field(
            t["look.colour"],
            "look.colour",
            type="color",
            default_value=SectionForms.fields["look.colour"],
            on_change=_PREVIEW,
            style={"maxWidth": "8rem", "padding": ".375rem"},
            wrong=fields.wrong("look.colour"),
        ),
        fields.text("look.title", on_change=_PREVIEW),
        fields.text("look.logo_url", hint=t["logo_hint"], on_blur=_PREVIEW),
        broken_logo(
            t["logo_broken"],
            address=SectionForms.fields["look.logo_url"],
            role="status",
            class_name="m-0 text-sm font-medium text-(--bad)",
        ),
        fields.one_of("look.position", [("right", t["right"]), ("left", t["left"])], on_change=_PREVIEW),
        fields.lines("look.allowed_sites", rows=4, hint=t["sites_hint"]),
        rx.cond(
            SectionForms.fields["look.allowed_sites"] == "",
            rx.el.p(t["sites_open"], class_name="m-0 text-sm text-(--bad)", custom_attrs={"data-any-site": ""}),
        ),
    )


def _preview() -> rx.Component:
    colours = {"--brand": SectionForms.fields["look.colour"], "--on-brand": SectionForms.fields["look.ink"]}
    return panel(
        t["preview"],
        rx.el.div(
            rx.el.div(
                brand_tile(SectionForms.fields["look.logo_url"]),
                rx.el.strong(SectionForms.fields["look.title"]),
                class_name="flex items-center gap-3 p-3 border-b border-(--line)",
            ),
            rx.el.div(
                _said(SectionForms.fields["greeting.text"], f"{_OURS} self-start"),
                _said(t["preview_question"], "rounded-br-md bg-(--brand) text-(--on-brand) self-end"),
                _said(t["preview_answer"], f"{_OURS} self-start"),
                class_name="flex flex-col gap-3 p-3",
            ),
            rx.el.div(
                rx.el.span(
                    t["preview_composer"],
                    class_name="flex-1 rounded-xl border border-(--line) px-3.5 py-2 text-(--soft)",
                ),
                rx.el.span(
                    icon("send"), class_name="grid place-items-center w-11 rounded-xl bg-(--brand) text-(--on-brand)"
                ),
                class_name="flex gap-2 p-3 border-t border-(--line)",
            ),
            style=colours,
            class_name="rounded-2xl border border-(--line) overflow-hidden bg-(--surface)",
            custom_attrs={"data-preview": ""},
        ),
        rx.el.div(
            rx.el.span(
                icon("chat", 26),
                class_name="grid place-items-center size-14 rounded-full bg-(--brand) text-(--on-brand) shadow-(--shadow)",
            ),
            style=colours,
            class_name="flex "
            + rx.cond(SectionForms.fields["look.position"] == "left", "justify-start", "justify-end").to(str),
        ),
    )


def _said(text: Any, looks: str) -> rx.Component:
    return rx.el.p(text, class_name=f"m-0 max-w-[85%] rounded-2xl px-4 py-2 wrap-anywhere {looks}")


def _paste() -> rx.Component:
    return panel(
        t["embedding"],
        rx.el.p(t["embedding_hint"], class_name=parts.SMALL),
        rx.el.div(
            rx.el.code(_LINE, class_name="break-all text-sm p-3 rounded-xl bg-(--raised)"),
            button(t["copy"], on_click=rx.set_clipboard(_LINE)),
            class_name="flex flex-wrap items-center gap-3",
        ),
    )
