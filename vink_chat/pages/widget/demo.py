"""``/demo``: a sample shop, with the chat as any site would have it."""

from typing import Any, Final

import reflex as rx

from vink_chat.pages.widget.shelf import PRODUCTS, Product, banner


class ChatOpener(rx.Component):
    """The button with its React part (``chat_opener.jsx``).

    Attributes:
        question: Asked once the chat is open; nothing is asked when empty.
    """

    library = "$/vink_chat/pages/widget/chat_opener.jsx"
    tag = "ChatOpener"
    question: rx.Var[str]


def chat_opener(label: str, *, question: str = "", **props: Any) -> rx.Component:
    """A button that opens the chat and asks a question in it."""
    return ChatOpener.create(label, question=question, **props)


_WIDE: Final = "mx-auto w-full max-w-6xl px-4 sm:px-6"
_SECTIONS: Final = ("Баннеры", "Плёнки", "Пластики", "Свет", "Чернила", "Оборудование")


def demo() -> rx.Component:
    """The page; its last element is the script tag that a site embeds."""
    return rx.el.div(
        _top(),
        rx.el.main(_welcome(), _shelf()),
        _bottom(),
        rx.el.script(src="/widget.js", custom_attrs={"async": True}),
        class_name="min-h-dvh bg-(--ground) flex flex-col",
    )


def _top() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.span(
                rx.el.span("П", class_name="grid place-items-center size-9 rounded-lg bg-(--brand) text-(--on-brand)"),
                "Печатный двор",
                class_name="flex items-center gap-3 text-lg font-bold",
            ),
            rx.el.nav(
                *[rx.el.a(name, href="#shelf", class_name="py-2 hover:underline") for name in _SECTIONS],
                class_name="flex flex-wrap gap-x-5 text-[.9375rem]",
                custom_attrs={"aria-label": "Разделы"},
            ),
            class_name=f"{_WIDE} py-3 flex flex-wrap items-center gap-x-10 gap-y-1",
        ),
        class_name="bg-(--surface) border-b border-(--line)",
    )


def _welcome() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.p("Пример магазина", class_name="m-0 text-sm text-(--soft)"),
                rx.el.h1(
                    "Всё для наружной рекламы на одном складе",
                    class_name="m-0 text-3xl sm:text-4xl font-bold leading-tight text-balance",
                ),
                rx.el.p(
                    "Сомневаетесь, какой материал выдержит зиму и чем его печатать? Спросите: ассистент отвечает сразу, "
                    "а если нужен человек, позовёт специалиста.",
                    class_name="m-0 text-lg text-(--soft) max-w-prose",
                ),
                chat_opener(
                    "Спросить о материалах",
                    class_name="self-start min-h-12 px-6 rounded-xl bg-(--brand) text-(--on-brand) font-semibold cursor-pointer",
                ),
                class_name="flex flex-col gap-5 py-10",
            ),
            rx.el.div(banner(), class_name="rounded-2xl overflow-hidden h-64 lg:h-80 shadow-(--shadow)"),
            class_name=f"{_WIDE} grid lg:grid-cols-2 gap-8 items-center pb-10 lg:pb-0 lg:py-8",
        ),
        class_name="bg-(--surface)",
    )


def _shelf() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Популярное на этой неделе", class_name="text-2xl font-bold m-0 mb-5"),
        rx.el.ul(
            *[_card(product) for product in PRODUCTS],
            class_name="list-none m-0 p-0 grid gap-5 sm:grid-cols-2 lg:grid-cols-3",
        ),
        id="shelf",
        class_name=f"{_WIDE} py-10",
    )


def _card(product: Product) -> rx.Component:
    return rx.el.li(
        rx.el.div(product.drawing(), class_name="h-44"),
        rx.el.div(
            rx.el.h3(product.name, class_name="m-0 text-base font-semibold"),
            rx.el.p(product.note, class_name="m-0 text-sm text-(--soft) flex-1"),
            rx.el.p(product.price, class_name="m-0 text-lg font-bold tabular-nums"),
            chat_opener(
                product.question,
                question=product.question,
                class_name="min-h-11 px-4 py-2 rounded-xl border border-(--line) cursor-pointer hover:bg-(--raised)",
                custom_attrs={"aria-label": f"Спросить в чате: {product.question}"},
            ),
            class_name="p-4 flex flex-col gap-2 flex-1",
        ),
        class_name="flex flex-col bg-(--surface) rounded-2xl border border-(--line) overflow-hidden",
    )


def _bottom() -> rx.Component:
    return rx.el.footer(
        rx.el.p(
            "Это страница для показа: магазин выдуман, чат настоящий.",
            class_name=f"{_WIDE} m-0 py-6 text-sm text-(--soft)",
        ),
        class_name="border-t border-(--line) bg-(--surface) mt-auto",
    )
