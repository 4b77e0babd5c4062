"""What the chat looks like on a site, with a preview, and the line that puts it there."""

import reflex as rx

from vink_chat.components import button, field, icon
from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import frame
from vink_chat.pages.admin.frame_state import AdminFrame
from vink_chat.pages.admin.identity import signing
from vink_chat.pages.admin.section_forms import SectionForms
from vink_chat.pages.shared.brand import brand_tile
from vink_chat.pages.shared.panels import panel

t = AdminFrame.t
_HERE = rx.Var("(typeof location === 'undefined' ? '' : location.origin)", _var_type=str)
_HOME = rx.cond(AdminFrame.home != "", AdminFrame.home, _HERE).to(str)
_LINE = rx.Var.create('<script src="') + _HOME + rx.Var.create('/widget.js" async></script>')
# The whole form each time: of two presses in quick succession only the later one is sent.
_PREVIEW = SectionForms.preview.debounce(150)(fields.typed("look"))


def look() -> rx.Component:
    """The page of the look."""
    return frame("look", fields.page(_form(), _preview(), _paste(), signing()))


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
            rx.el.p(
                t["preview_question"],
                class_name="m-3 ml-auto w-fit rounded-2xl rounded-br-md px-4 py-2 bg-(--brand) text-(--on-brand)",
            ),
            rx.el.div(
                rx.el.span(
                    icon("chat", 26),
                    class_name="grid place-items-center size-14 rounded-full bg-(--brand) text-(--on-brand) shadow-(--shadow)",
                ),
                class_name="flex p-3 "
                + rx.cond(SectionForms.fields["look.position"] == "left", "justify-start", "justify-end"),
            ),
            style=colours,
            class_name="max-w-sm rounded-2xl border border-(--line) overflow-hidden bg-(--surface)",
            custom_attrs={"data-preview": ""},
        ),
    )


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
