"""One message on the desk."""

from typing import Any, Final

import reflex as rx

from vink_chat.components.vars import negate, value_of
from vink_chat.pages.desk.elements import CommandButton
from vink_chat.pages.desk.messages import DeskMessageView
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "correct": "Изменить",
    "quote": "Ответить",
    "edited": "изменено",
    "why": "Почему так ответил",
    "withheld": "Не показано посетителю",
    "read": "Прочитано посетителем",
}
speak(_SENTENCES)
Words = dict[str, str]
_BUBBLE: Final = "max-w-[85%] rounded-2xl px-4 py-2.5"


@rx.memo
def desk_row(
    message: rx.Var[DeskMessageView], t: rx.Var[dict[str, str]], read: rx.Var[int], over: rx.Var[bool]
) -> rx.Component:
    """The date if a day begins here, then the message as the staff see it."""
    return _row(value_of(message), value_of(t), value_of(read), over=value_of(over))


def _row(message: DeskMessageView, t: Words, read: int, *, over: bool) -> rx.Component:
    # An answer cannot be corrected once the conversation has ended.
    own = rx.cond(message["note"] | negate(over), message["own"], "")
    return rx.el.div(
        rx.cond(
            message["day"] != "",
            rx.el.p(message["day"], class_name="text-center text-[.8125rem] text-(--soft) m-0 mb-3"),
        ),
        rx.match(
            message["who"],
            ("visitor", _side(message, t, "items-start", "bg-(--raised) rounded-bl-md", acts=_quote(message, t))),
            (
                "system",
                rx.el.div(
                    rx.html(message["html"], class_name="words"),
                    rx.cond(message["aside"] != "", rx.el.p(message["aside"], class_name="m-0 text-xs")),
                    rx.cond(message["withheld"] != "", _why(message, t)),
                    class_name="text-center text-sm text-(--soft)",
                ),
            ),
            ("assistant", _assistant(message, t)),
            _operator(message, t, read, own),
        ),
        custom_attrs={
            "data-message": message["id"],
            "data-who": message["who"],
            "data-note": rx.cond(message["note"], "true", "false"),
            "data-own": own,
        },
    )


def _side(message: DeskMessageView, t: Words, place: str, look: str, *more: Any, acts: Any = None) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                message["label"],
                " · ",
                message["time"],
                rx.cond(message["edited"], rx.fragment(" · ", t["edited"])),
                class_name="text-xs text-(--soft) px-1",
            ),
            acts or rx.fragment(),
            # The name stays on the bubble's side, whether or not its buttons are shown.
            class_name=f"flex flex-wrap items-center gap-x-1 {'flex-row-reverse' if place == 'items-end' else ''}",
        ),
        rx.el.div(
            rx.cond(
                message["quote"] != "",
                rx.el.blockquote(
                    message["quote"],
                    class_name="m-0 mb-1 pl-2 border-l-2 border-current text-sm line-clamp-2 wrap-anywhere",
                ),
            ),
            rx.html(message["html"], class_name="words"),
            *more,
            class_name=f"{_BUBBLE} {look}",
        ),
        class_name=f"group/side flex flex-col gap-1 {place}",
    )


def _act(word: str, command: str, message: DeskMessageView) -> rx.Component:
    """A small button beside a message's author, shown on hover and on keyboard focus."""
    return CommandButton.create(
        word,
        type="button",
        runs=command,
        subject=message["id"],
        class_name="min-h-6 px-1.5 rounded-md text-xs text-(--link) underline-offset-2 cursor-pointer hover:underline "
        "opacity-0 group-hover/side:opacity-100 focus-visible:opacity-100 [@media(hover:none)]:opacity-100",
    )


def _why(message: DeskMessageView, t: Words) -> rx.Component:
    withheld = rx.el.div(
        rx.el.p(t["withheld"], class_name="m-0 font-medium text-(--warn)"),
        rx.el.p(message["withheld"], class_name="m-0 whitespace-pre-line wrap-anywhere"),
        class_name="mt-1.5 pl-2 border-l-2 border-(--warn) text-left text-xs",
        custom_attrs={"data-withheld": ""},
    )
    return rx.el.details(
        rx.el.summary(t["why"], class_name="cursor-pointer text-xs text-(--soft)"),
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


def _assistant(message: DeskMessageView, t: Words) -> rx.Component:
    why = rx.cond(message["why"] != "", _why(message, t))
    return _side(message, t, "items-end", "border border-(--line) rounded-br-md", why, acts=_quote(message, t))


def _quote(message: DeskMessageView, t: Words) -> rx.Component:
    """The button that replies to a message, quoting it to the visitor."""
    return _act(t["quote"], "quote", message)


def _operator(message: DeskMessageView, t: Words, read: int, own: Any) -> rx.Component:
    note = "bg-(--badge) text-(--ink) rounded-br-md border border-dashed border-(--warn)"
    correct = rx.cond(own != "", _act(t["correct"], "correct", message))
    ours = rx.cond(
        message["note"],
        _side(message, t, "items-end", note, acts=correct),
        _side(
            message,
            t,
            "items-end",
            "own bg-(--brand) text-(--on-brand) rounded-br-md",
            acts=rx.fragment(correct, _quote(message, t)),
        ),
    )
    seen = rx.cond(
        negate(message["note"]) & (message["position"] <= read),
        rx.el.p("✓ ", t["read"], class_name="m-0 mt-0.5 text-xs text-(--soft) text-right px-1"),
    )
    return rx.fragment(ours, seen)
