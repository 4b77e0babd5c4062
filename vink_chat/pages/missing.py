"""What stands at an address where there is nothing."""

import reflex as rx


def missing() -> rx.Component:
    """The page, in both languages: it asks the server nothing, not even whose it is."""
    return rx.el.main(
        rx.el.h1("Такой страницы нет", class_name="m-0 text-2xl font-bold"),
        rx.el.p("There is no such page", lang="en", class_name="m-0 text-(--soft)"),
        rx.el.a("Открыть чат · Open the chat", href="/", class_name="text-(--link) underline"),
        class_name="min-h-dvh p-6 flex flex-col items-center justify-center gap-3 text-center",
    )
