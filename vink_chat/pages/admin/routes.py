"""The routes of the admin pages."""

from typing import Final

import reflex as rx

from vink_chat.pages.admin.assistant import ModelPanel, assistant
from vink_chat.pages.admin.blocked import BlockedState, blocked
from vink_chat.pages.admin.frame import AdminFrame
from vink_chat.pages.admin.handover import handover
from vink_chat.pages.admin.knowledge import knowledge
from vink_chat.pages.admin.knowledge_files import router
from vink_chat.pages.admin.knowledge_state import KnowledgeState
from vink_chat.pages.admin.list_pages import canned, questions
from vink_chat.pages.admin.look import IdentityState, look
from vink_chat.pages.admin.overview import overview
from vink_chat.pages.admin.overview_state import OverviewState
from vink_chat.pages.admin.people import people
from vink_chat.pages.admin.people_state import PeopleState
from vink_chat.pages.admin.section_forms import SectionForms
from vink_chat.pages.admin.telegram import BotPanel, telegram
from vink_chat.pages.admin.work import WorkState, work

_TITLE: Final = "Управление чатом"


__all__ = ["register", "router"]


def register(app: rx.App) -> None:
    """Add all admin pages to the application."""
    pages = {
        "/admin": (overview, OverviewState.enter),
        "/admin/operators": (people, PeopleState.open),
        "/admin/assistant": (assistant, [ModelPanel.open, SectionForms.open("assistant")]),
        "/admin/knowledge": (knowledge, KnowledgeState.open),
        "/admin/handover": (handover, SectionForms.open("handover")),
        "/admin/questions": (questions, SectionForms.open("questions")),
        "/admin/look": (look, [IdentityState.open, SectionForms.open("look")]),
        "/admin/canned": (canned, SectionForms.open("canned")),
        "/admin/blocked": (blocked, BlockedState.open),
        "/admin/telegram": (telegram, [BotPanel.open, SectionForms.open("telegram")]),
        "/admin/work": (work, WorkState.enter),
    }
    for route, (page, load) in pages.items():
        app.add_page(
            page, route=route, title=_TITLE, on_load=[AdminFrame.enter, *(load if isinstance(load, list) else [load])]
        )
