"""The overview: how many conversations, who answered, how soon, how well; today and the days before."""

from typing import Any

import reflex as rx

from vink_chat.components.vars import length
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.overview_state import PERIODS, Card, DayRow, OverviewState
from vink_chat.pages.admin.plots import plot
from vink_chat.pages.shared.panels import form_feedback, panel

t = AdminFrame.t


def overview() -> rx.Component:
    """The first page of the administrators."""
    return frame(
        "overview",
        rx.el.section(
            rx.el.h2(t["now"], class_name="visually-hidden"),
            rx.el.dl(
                rx.foreach(OverviewState.current, _present),
                class_name="m-0 grid grid-cols-2 sm:grid-cols-3 xl:grid-cols-6 gap-x-4 gap-y-2",
            ),
            class_name="bg-(--surface) rounded-2xl border border-(--line) p-4",
            custom_attrs={"data-now": "", "aria-label": t["now"]},
        ),
        rx.el.nav(
            *[_period(days) for days in PERIODS],
            class_name="flex flex-wrap gap-2",
            custom_attrs={"aria-label": t["period"]},
        ),
        rx.cond(OverviewState.period == "1", rx.el.p(t["today_hint"], class_name=parts.SMALL)),
        rx.el.dl(rx.foreach(OverviewState.cards, _card), class_name="m-0 grid grid-cols-2 md:grid-cols-3 gap-3"),
        panel(
            t["by_reason"],
            rx.el.p(OverviewState.outcomes, class_name="m-0 mb-2", custom_attrs={"data-outcomes": ""}),
            rx.cond(
                length(OverviewState.reasons) > 0,
                rx.el.ul(rx.foreach(OverviewState.reasons, _reason), class_name="list-none m-0 p-0"),
                rx.el.p(t["nobody_called"], class_name=parts.SMALL),
            ),
        ),
        panel(
            _of_days("plot_conversations"),
            plot(
                OverviewState.bars,
                OverviewState.bars_scale,
                t["plot_conversations"],
                (t["card_by_assistant"], t["card_conversations"]),
                t["nothing"],
            ),
        ),
        panel(
            _of_days("plot_waits", ", ", t["in_minutes"]),
            plot(
                OverviewState.waits,
                OverviewState.waits_scale,
                t["plot_waits"],
                (t["median"], t["most"]),
                t["nothing"],
            ),
        ),
        panel(
            _of_days("by_day"),
            parts.table(
                t["by_day"],
                [
                    t[name]
                    for name in (
                        "day",
                        "card_conversations",
                        "card_by_assistant",
                        "card_called",
                        "median",
                        "most",
                        "card_rating",
                    )
                ],
                rx.foreach(OverviewState.days, _day),
            ),
        ),
        form_feedback(OverviewState),
    )


def _of_days(title: str, *more: Any) -> rx.Component:
    """A heading with the date range of what is below it, which is more than «today»."""
    return rx.fragment(
        t[title], " ", rx.el.span(OverviewState.shown, *more, class_name=f"{parts.SMALL} block font-normal")
    )


def _period(days: int) -> rx.Component:
    chosen = OverviewState.period == str(days)
    return rx.el.a(
        t[f"days_{days}"],
        href=f"/admin?days={days}",
        class_name="inline-flex items-center min-h-11 px-4 rounded-full border border-(--line) no-underline text-(--ink) "
        + rx.cond(chosen, "bg-(--badge) font-semibold", "bg-(--surface)").to(str),
        custom_attrs={"aria-current": rx.cond(chosen, "true", "false")},
    )


def _card(card: Card) -> rx.Component:
    return rx.el.div(
        rx.el.dt(card["name"], class_name="text-sm text-(--soft)"),
        rx.el.dd(
            rx.el.a(
                card["value"],
                href=card["href"],
                class_name="text-(--ink) underline decoration-(--line) underline-offset-4",
            ),
            class_name="m-0 text-xl font-semibold tabular-nums",
        ),
        rx.cond(card["note"] != "", rx.el.dd(card["note"], class_name="m-0 text-sm text-(--soft)")),
        class_name="bg-(--surface) rounded-2xl border border-(--line) p-4 min-w-0 flex flex-col gap-1",
    )


def _present(card: Card) -> rx.Component:
    return rx.el.div(
        rx.el.dt(card["name"], class_name="text-sm text-(--soft)"),
        rx.el.dd(
            rx.el.a(card["value"], href=card["href"], class_name="text-(--ink) no-underline hover:underline"),
            class_name="m-0 text-lg font-semibold tabular-nums",
        ),
        rx.cond(card["note"] != "", rx.el.dd(card["note"], class_name="m-0 text-sm text-(--soft)")),
    )


def _reason(card: Card) -> rx.Component:
    return rx.el.li(
        rx.el.span(card["name"], class_name="flex-1"),
        rx.el.a(
            card["value"],
            href=card["href"],
            class_name=parts.LINK,
            custom_attrs={"aria-label": card["name"] + ": " + card["value"]},
        ),
        class_name="flex gap-3 py-1.5 border-t border-(--line) max-w-md",
    )


def _day(day: DayRow) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.a(day["name"], href=day["href"], class_name=parts.LINK),
            scope="row",
            class_name="p-2 border-t border-(--line) text-left font-medium whitespace-nowrap",
        ),
        *[parts.cell(day[name]) for name in ("conversations", "assistant", "called", "median", "p90", "rating")],
    )
