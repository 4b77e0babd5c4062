"""Handover to a person: texts, trigger words, timers, working hours, consent, limits."""

from typing import Any

import reflex as rx

from vink_chat.components import described, sentence
from vink_chat.pages.admin import parts, plans
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.section_forms import SectionForms

t = AdminFrame.t
_HINTS = {"low_confidence_in_a_row": t["low_confidence_hint"]}


def handover() -> rx.Component:
    """The page of the handover."""
    return frame("handover", fields.page(_texts(), _hours(), _consent(), _limits()))


def _texts() -> rx.Component:
    return fields.form(
        "handover",
        t["handover.notices"],
        rx.el.p(t["notices_hint"], class_name=parts.SMALL),
        *[fields.long_text(f"handover.notices.{situation}", rows=4) for situation in plans.SITUATIONS],
        fields.lines("handover.words"),
        fields.flag("handover.answers_while_waiting"),
        fields.side_by_side(
            *[
                fields.number(f"handover.{name}", hint=_HINTS.get(name))
                for name in plans.HANDOVER.texts
                if "." not in name
            ],
        ),
    )


def _hours() -> rx.Component:
    return fields.form(
        "hours",
        t["working_hours"],
        fields.flag("hours.enabled"),
        fields.text("hours.zone", hint=t["zone_hint"]),
        rx.el.fieldset(
            rx.el.legend(t["hours.week"], class_name="text-sm font-medium mb-1.5 p-0"),
            *[_day(day) for day in plans.DAYS],
            class_name="border-0 p-0 m-0 flex flex-col gap-1 min-w-0",
        ),
        fields.lines("hours.holidays", hint=t["holidays_hint"]),
    )


def _consent() -> rx.Component:
    return fields.form(
        "consent",
        t["consent"],
        rx.el.p(t["consent_hint"], class_name=parts.SMALL),
        fields.text("consent.text"),
        fields.text("consent.policy_url"),
    )


def _day(day: str) -> rx.Component:
    name = f"hours.week.{day}"
    ends = [f"{name}.{end}" for end in ("opens", "closes")]
    return rx.el.div(
        rx.el.div(
            rx.el.div(fields.flag(f"{name}.working", t[name]), class_name="w-full sm:w-40"),
            _time(ends[0], t[name] + ": " + t[ends[0]]),
            rx.el.span("–", custom_attrs={"aria-hidden": "true"}),
            _time(ends[1], t[name] + ": " + t[ends[1]]),
            class_name="flex flex-wrap items-center gap-x-2 max-sm:pb-2",
        ),
        *[sentence(end, fields.wrong(end)) for end in ends],
        class_name="flex flex-col gap-1",
    )


def _time(name: str, label: Any) -> rx.Component:
    props = {"custom_attrs": {"aria-label": label}, "default_value": SectionForms.fields[name]}
    return rx.el.input(
        type="time",
        name=name,
        class_name="rounded-xl border border-(--line) aria-invalid:border-(--bad) bg-(--surface) text-(--ink) px-2.5 min-h-11",
        **described(name, None, fields.wrong(name), props),
    )


def _limits() -> rx.Component:
    return fields.form(
        "limits",
        t["limits"],
        fields.side_by_side(
            fields.number("limits.visitor_per_minute"),
            fields.number("limits.address_per_minute"),
        ),
        fields.side_by_side(
            fields.number("limits.conversations_per_hour"),
            fields.number("limits.calls_per_hour"),
        ),
        fields.lines("limits.blocked_addresses", rows=3),
    )
