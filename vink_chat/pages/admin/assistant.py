"""How the assistant speaks: greeting, manner, limits, and a place to try them out before they are saved."""

import reflex as rx

from vink_chat.components import button, text_area
from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import frame
from vink_chat.pages.admin.frame_state import AdminFrame
from vink_chat.pages.admin.model_panel import model_panel
from vink_chat.pages.admin.tryout_state import Trial, TryOut
from vink_chat.pages.shared.panels import panel

t = AdminFrame.t


def assistant() -> rx.Component:
    """The assistant's page."""
    return frame(
        "assistant",
        model_panel(),
        fields.page(_greeting(), _manner(), _trial(), others=(TryOut,)),
    )


def _greeting() -> rx.Component:
    return fields.form(
        "greeting",
        t["greeting"],
        fields.text("greeting.reply_time"),
        fields.text("greeting.contacts", hint=t["contacts_hint"]),
        fields.long_text("greeting.text", rows=3),
    )


def _manner() -> rx.Component:
    return fields.form(
        "assistant",
        t["manner"],
        fields.text("assistant.name"),
        fields.long_text("assistant.persona", rows=10),
        fields.lines("assistant.rules", rows=10),
        rx.el.fieldset(
            rx.el.legend(t["assistant.examples"], class_name="text-sm font-medium mb-1.5 p-0"),
            fields.rows(
                "assistant.examples",
                t["add_example"],
                lambda row: [
                    fields.row_area(row, "assistant.examples", "question", rows=2),
                    fields.row_area(row, "assistant.examples", "answer", rows=3),
                ],
            ),
            class_name="border-0 p-0 m-0 flex flex-col gap-3 min-w-0",
        ),
        fields.side_by_side(
            fields.text("assistant.model", hint=t["model_hint"]),
            fields.number("assistant.temperature", hint=t["temperature_hint"]),
            fields.number("assistant.max_tokens"),
            fields.number("assistant.context_tokens"),
            fields.number("assistant.answer_seconds"),
            fields.number("assistant.turn_limit"),
        ),
        fields.box("assistant.only_knowledge"),
        fields.box("assistant.streaming"),
        fields.lines("assistant.refused_words"),
    )


def _trial() -> rx.Component:
    return panel(
        t["trial"],
        rx.el.p(t["trial_hint"], class_name=parts.SMALL),
        rx.el.form(
            text_area(t["trial_question"], "question", rows=2, id="trial-question"),
            rx.el.div(
                button(
                    t["try"],
                    look="brand",
                    disabled=TryOut.busy,
                    on_click=TryOut.ask(
                        fields.typed("assistant"),
                        rx.Var("document.getElementById('trial-question').value", _var_type=str),
                    ),
                ),
                rx.el.span(rx.cond(TryOut.busy, t["trial_busy"], ""), role="status", class_name=parts.SMALL),
                class_name="flex items-center gap-3",
            ),
            class_name="flex flex-col gap-4",
            custom_attrs={"action": ""},
        ),
        rx.el.div(
            rx.foreach(TryOut.trials, _answer), class_name="grid md:grid-cols-2 gap-4", custom_attrs={"data-trials": ""}
        ),
    )


def _answer(trial: Trial) -> rx.Component:
    return rx.el.article(
        rx.el.h3(trial["title"], class_name="text-base font-semibold m-0"),
        rx.cond(trial["html"] != "", rx.html(trial["html"], class_name="words")),
        rx.cond(trial["fault"] != "", rx.el.p(trial["fault"], class_name="m-0 text-(--bad)")),
        rx.el.p(trial["figures"], class_name=parts.SMALL),
        rx.el.ul(
            rx.foreach(trial["passages"], rx.el.li),
            class_name="text-sm text-(--soft) m-0 pl-5 list-disc",
        ),
        class_name="rounded-xl border border-(--line) p-4 flex flex-col gap-3 min-w-0",
    )
