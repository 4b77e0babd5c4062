"""The chat in a frame of another site, which says who is here and hears what happens."""

from typing import Any

import reflex as rx

from vink_chat.pages.visitor.introduction import VisitorIntroduction
from vink_chat.pages.visitor.page import panel
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.pages.visitor.views import MessageView


class HostBridge(rx.Component):
    """The bridge (``host_bridge.jsx``); it draws nothing.

    Attributes:
        loaded: Whether the thread is drawn.
        heard: The number of the introduction that counts.
        shut_out: The number of an introduction that counts no more.
        status: Who holds the conversation.
        rating: The visitor's stars.
        history: The older messages.
        live: Those that came after them.
        on_introduce: Takes what the site says about its visitor, and the number of its word.
    """

    library = "$/vink_chat/pages/visitor/host_bridge.jsx"
    tag = "HostBridge"
    loaded: rx.Var[bool]
    heard: rx.Var[str]
    shut_out: rx.Var[str]
    status: rx.Var[str]
    rating: rx.Var[int]
    history: rx.Var[list[MessageView]]
    live: rx.Var[list[MessageView]]
    on_introduce: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]


def embed() -> rx.Component:
    """The panel for a frame on another site."""
    bridge = HostBridge.create(
        loaded=VisitorChat.loaded,
        heard=VisitorChat.heard,
        shut_out=VisitorChat.shut_out,
        status=VisitorChat.status,
        rating=VisitorChat.rating,
        history=VisitorChat.history,
        live=VisitorChat.live,
        on_introduce=VisitorIntroduction.introduce,
    )
    return rx.el.main(panel(), bridge, class_name="screen flex bg-(--surface)")
