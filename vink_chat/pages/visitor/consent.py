"""What a visitor agrees to by writing."""

import reflex as rx

from vink_chat.pages.visitor.state import VisitorChat


def consent() -> rx.Component:
    """The shop's sentence, with a link to its policy; nothing without a policy."""
    link = rx.el.a(
        VisitorChat.t["policy"],
        href=VisitorChat.consent["url"],
        target="_blank",
        rel="noopener noreferrer",
        class_name="text-(--link) underline underline-offset-2",
    )
    return rx.cond(
        VisitorChat.consent["url"] != "",
        rx.el.p(
            VisitorChat.consent["text"],
            " ",
            link,
            class_name="basis-full m-0 text-xs text-(--soft)",
            custom_attrs={"data-consent": ""},
        ),
    )
