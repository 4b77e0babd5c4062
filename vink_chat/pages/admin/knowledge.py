"""The knowledge base: search, add, edit, switch off, remove, import and export."""

from typing import Any

import reflex as rx

from vink_chat.components import button, field, get_form, post_form, text_area
from vink_chat.components.vars import length
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.guarded_form import guarded_form
from vink_chat.pages.admin.knowledge_files import ImportRow
from vink_chat.pages.admin.knowledge_state import ArticleView, KnowledgeState
from vink_chat.pages.shared.panels import form_feedback, panel

t = AdminFrame.t
_FORM = KnowledgeState.form


def knowledge() -> rx.Component:
    """The page of the knowledge base."""
    return frame(
        "knowledge",
        rx.cond(length(_FORM) > 0, _editor()),
        _list(),
        _files(),
        form_feedback(KnowledgeState),
    )


def _editor() -> rx.Component:
    return panel(
        rx.cond(_FORM["id"] == "", t["new_article"], t["edit_article"]),
        guarded_form(
            rx.el.input(type="hidden", name="id", value=_FORM["id"], read_only=True),
            field(t["question"], "question", **_value("question")),
            text_area(t["answer"], "answer", rows=8, hint=t["answer_hint"], **_value("answer")),
            text_area(t["aliases"], "aliases", rows=3, hint=t["one_a_line"], **_value("aliases")),
            field(t["url"], "url", input_mode="url", **_value("url")),
            field(t["tags"], "tags", hint=t["tags_hint"], **_value("tags")),
            rx.el.div(
                button(t["save"], look="brand", type="submit", classes="px-6"),
                button(t["cancel"], on_click=KnowledgeState.close(_FORM["id"])),
                class_name="flex flex-wrap gap-3",
            ),
            state=KnowledgeState,
            on_submit=KnowledgeState.save,
            key="article-" + _FORM["id"],
            class_name="flex flex-col gap-4",
        ),
        rx.cond(
            _FORM["id"] != "",
            parts.confirmed(
                t["remove_article"], t["sure_article"], KnowledgeState.remove(_FORM["id"]), key="remove-article"
            ),
        ),
    )


def _value(name: str) -> dict[str, Any]:
    return {"default_value": _FORM[name], "wrong": KnowledgeState.wrong[name]["sentence"]}


def _list() -> rx.Component:
    return panel(
        rx.fragment(t["articles"], ": ", KnowledgeState.listing["total"]),
        rx.el.div(
            get_form(
                rx.el.div(
                    field(t["search"], "q", type="search", default_value=KnowledgeState.listing["query"]),
                    class_name="flex-1 min-w-0",
                ),
                button(t["find"], type="submit"),
                key="q-" + KnowledgeState.listing["query"],
                action="/admin/knowledge",
                role="search",
                class_name="flex items-end gap-2 flex-1 min-w-60 max-w-xl",
            ),
            rx.el.a(
                t["new_article"],
                href="/admin/knowledge?edit=new",
                class_name="inline-flex items-center min-h-11 px-4 rounded-xl bg-(--brand) text-(--on-brand) font-medium",
            ),
            class_name="flex flex-wrap items-end justify-between gap-3",
        ),
        rx.cond(
            length(KnowledgeState.articles) > 0,
            rx.el.div(
                # The heading of the checkboxes; each has its own label for screen readers.
                rx.el.p(
                    t["enabled"], class_name=f"{parts.SMALL} text-right pb-1", custom_attrs={"aria-hidden": "true"}
                ),
                rx.el.ul(rx.foreach(KnowledgeState.articles, _article), class_name="list-none m-0 p-0"),
            ),
            rx.el.p(t["no_articles"], class_name=parts.SMALL),
        ),
        rx.el.nav(
            rx.cond(
                KnowledgeState.listing["earlier"] != "",
                rx.el.a(t["earlier"], href=KnowledgeState.listing["earlier"], class_name=parts.LINK),
            ),
            rx.cond(
                KnowledgeState.listing["later"] != "",
                rx.el.a(t["later"], href=KnowledgeState.listing["later"], class_name=parts.LINK),
            ),
            class_name="flex gap-6",
            custom_attrs={"aria-label": t["paging"]},
        ),
    )


def _article(article: ArticleView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.a(article["question"], href=article["href"], class_name=parts.LINK + " font-medium"),
            rx.el.p(article["answer"], class_name=parts.SMALL + " line-clamp-2"),
            class_name="flex-1 min-w-0",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=article["enabled"],
                on_change=lambda on: KnowledgeState.switch(article["id"], on.to(bool)),
                class_name="size-5 accent-(--brand)",
                custom_attrs={"aria-label": t["enabled"] + ": " + article["question"]},
            ),
            class_name="grid place-items-center size-11 shrink-0 cursor-pointer",
        ),
        class_name="flex items-start gap-3 py-2 border-t border-(--line)",
    )


def _files() -> rx.Component:
    return panel(
        t["files"],
        rx.el.p(t["files_hint"], class_name=parts.SMALL),
        rx.el.p(
            rx.el.a(
                t["export"],
                href="/admin-files/knowledge.jsonl",
                class_name=parts.LINK,
                # Not a page: the browser fetches it, not the router.
                custom_attrs={"reloadDocument": True},
            ),
            class_name="m-0",
        ),
        post_form(
            field(t["file"], "file", type="file", accept=".jsonl,.json,.txt", required=True),
            button(t["upload"], type="submit"),
            action="/admin-files/knowledge",
            enc_type="multipart/form-data",
            class_name="flex flex-wrap items-end gap-3",
        ),
        rx.el.form(
            text_area(t["paste"], "text", rows=4),
            rx.el.div(button(t["import"], type="submit")),
            on_submit=KnowledgeState.paste,
            class_name="flex flex-col gap-3",
        ),
        rx.cond(
            length(KnowledgeState.bad) > 0,
            rx.el.div(
                rx.el.h3(t["passed_over"], class_name="text-base font-semibold m-0"),
                rx.el.ul(rx.foreach(KnowledgeState.bad, rx.el.li), class_name="m-0 pl-5 list-disc"),
                custom_attrs={"data-bad": ""},
            ),
        ),
        rx.cond(
            length(KnowledgeState.imports) > 0,
            rx.el.div(
                rx.el.h3(t["imports"], class_name="text-base font-semibold m-0"),
                rx.el.ul(rx.foreach(KnowledgeState.imports, _import), class_name="m-0 p-0 list-none"),
                custom_attrs={"data-imports": ""},
            ),
        ),
    )


def _import(row: ImportRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(row["text"], class_name="text-sm flex-1 min-w-0"),
        rx.cond(
            row["undone"],
            rx.el.span(t["import_undone"], class_name=parts.SMALL),
            parts.confirmed(
                t["undo_import"],
                t["sure_import"],
                KnowledgeState.undo_import(row["id"]),
                key="undo-" + row["id"],
                what=t["undo_import"] + ": " + row["text"],
            ),
        ),
        class_name="flex flex-wrap items-center gap-3 py-2 border-t border-(--line)",
    )
