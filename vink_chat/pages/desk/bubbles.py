"""One message on the desk."""

from typing import Any

import reflex as rx

from vink_chat.pages.desk.views import DeskMessageView

_BUBBLE = "max-w-[85%] rounded-2xl px-4 py-2.5"


@rx.memo
def desk_row(
    message: rx.Var[DeskMessageView],
    why_word: rx.Var[str],
    withheld_word: rx.Var[str],
    read: rx.Var[int],
    read_word: rx.Var[str],
) -> rx.Component:
    """A day's name where a day begins, then the message from our side of the counter."""
    return rx.el.div(
        rx.cond(
            message["day"] != "",
            rx.el.p(message["day"], class_name="text-center text-[.8125rem] text-(--soft) m-0 mb-3"),
        ),
        rx.match(
            message["who"],
            ("visitor", _side(message, "items-start", "bg-(--raised) rounded-bl-md")),
            (
                "system",
                rx.el.div(
                    rx.html(message["html"], class_name="words"),
                    rx.cond(message["aside"] != "", rx.el.p(message["aside"], class_name="m-0 text-xs")),
                    rx.cond(message["withheld"] != "", _why(message, why_word, withheld_word)),
                    class_name="text-center text-sm text-(--soft)",
                ),
            ),
            ("assistant", _assistant(message, why_word, withheld_word)),
            _operator(message, read, read_word),
        ),
        custom_attrs={
            "data-message": message["id"],
            "data-client-id": message["client_id"],
            "data-position": message["position"].to_string(),
            "data-who": message["who"],
            "data-note": rx.cond(message["note"], "true", "false"),
        },
    )


def _side(message: Any, place: str, look: str, *more: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.span(message["label"], " · ", message["time"], class_name="text-xs text-(--soft) px-1"),
        rx.el.div(
            rx.cond(
                message["quote"] != "",
                rx.el.p(message["quote"], class_name="m-0 mb-1 pl-2 border-l-2 border-current text-sm opacity-70"),
            ),
            rx.html(message["html"], class_name="words"),
            *more,
            class_name=f"{_BUBBLE} {look}",
        ),
        class_name=f"flex flex-col gap-1 {place}",
    )


def _why(message: Any, why_word: Any, withheld_word: Any) -> rx.Component:
    withheld = rx.el.div(
        rx.el.p(withheld_word, class_name="m-0 font-medium text-(--warn)"),
        rx.el.p(message["withheld"], class_name="m-0 whitespace-pre-line wrap-anywhere"),
        class_name="mt-1.5 pl-2 border-l-2 border-(--warn) text-left text-xs",
        custom_attrs={"data-withheld": ""},
    )
    return rx.el.details(
        rx.el.summary(why_word, class_name="cursor-pointer text-xs text-(--soft)"),
        rx.el.p(message["why"], class_name="m-0 mt-1 text-xs text-(--soft)"),
        rx.foreach(
            message["passages"],
            lambda one: rx.el.p(
                one["score"],
                " ",
                one["title"],
                rx.cond(one["cited"], " ✓", ""),
                class_name="m-0 text-xs text-(--soft)",
            ),
        ),
        rx.cond(message["withheld"] != "", withheld),
        class_name="mt-2",
    )


def _assistant(message: Any, why_word: Any, withheld_word: Any) -> rx.Component:
    why = rx.cond(message["why"] != "", _why(message, why_word, withheld_word))
    return _side(message, "items-end", "border border-(--line) rounded-br-md", why)


def _operator(message: Any, read: Any, read_word: Any) -> rx.Component:
    ours = rx.cond(
        message["note"],
        _side(message, "items-end", "bg-(--badge) text-(--ink) rounded-br-md border border-dashed border-(--warn)"),
        _side(message, "items-end", "own bg-(--brand) text-(--on-brand) rounded-br-md"),
    )
    seen = rx.cond(
        ~message["note"].bool() & (message["position"] <= read),
        rx.el.p("✓ ", read_word, class_name="m-0 mt-0.5 text-xs text-(--soft) text-right px-1"),
    )
    return rx.fragment(ours, seen)
