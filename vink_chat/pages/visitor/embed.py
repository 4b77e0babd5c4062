"""The chat embedded in another site, which introduces its visitor and receives the chat's events."""

import logging
from typing import Any

import reflex as rx

from vink_chat import config, conversations, preferences
from vink_chat.kit import db, rate_limit
from vink_chat.kit.errors import VinkError
from vink_chat.pages.visitor.identity import HostOptions
from vink_chat.pages.visitor.page import panel
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.pages.visitor.views import MessageView

log = logging.getLogger(__name__)


class VisitorIntroduction(VisitorChat):
    """What the host page says: who the visitor is, and how the chat should look."""

    @rx.event
    async def introduce(self, form: dict[str, Any]):
        """Accept unsigned details as they are, and the visitor's identity only with a valid signature."""
        form = form if isinstance(form, dict) else {}
        if not conversations.is_secret(self._secret()):
            # The tab never opened the chat, or its browser storage was cleared.
            return
        signed = _verified_secret(form)
        self._become(
            signed,
            HostOptions(
                language=conversations.one_line(form.get("language"), 35),
                page=conversations.one_line(form.get("page"), 1000),
                title=conversations.one_line(form.get("title"), 200),
                colour=conversations.one_line(form.get("colour"), 7),
                arrival=conversations.one_line(form.get("arrival"), 2000),
            ),
        )
        self.acknowledged_intro = conversations.one_line(form.get("number"), 32)
        if self._pending_call and self._pending_call in {"?", self.acknowledged_intro}:
            await self._call()
        card = conversations.VisitorCard.of(form.get("name"), form.get("email"), form.get("phone"))
        if not card and not self._is_known():
            return
        try:
            limits = preferences.current(preferences.Limits)
            await rate_limit.current().admit_address("introduction", self._address(), limits.address_per_minute)
            async with db.transaction() as tx:
                await conversations.introduce(tx, self._secret(), card, page=form.get("page"), signed=bool(signed))
        except VinkError:
            # The chat works without the card.
            log.warning("Could not store the visitor details that a host page sent")


def _verified_secret(form: dict[str, Any]) -> str:
    user, signature = form.get("user"), form.get("signature")
    if not user:
        return ""
    identity = preferences.current(preferences.Identity)
    if conversations.signature_holds(identity.secret, user, signature, timeless=identity.timeless):
        return conversations.signed_secret(config.current().secret, user)
    log.warning("Invalid or expired identity signature from a host page; the visitor stays anonymous")
    return ""


class HostBridge(rx.Component):
    """The bridge (``host_bridge.jsx``) to the host page; it renders nothing.

    Attributes:
        loaded: Whether the thread is rendered.
        acknowledged_intro: Number of the host page's last identification of its user that the server has acknowledged.
        revoked_intro: The number of an introduction whose signing secret was renewed.
        status: Who holds the conversation.
        rating: The visitor's stars.
        history: The older messages.
        live: The newer ones.
        on_introduce: Takes the host page's details of its visitor, and the introduction's number.
    """

    library = "$/vink_chat/pages/visitor/host_bridge.jsx"
    tag = "HostBridge"
    loaded: rx.Var[bool]
    acknowledged_intro: rx.Var[str]
    revoked_intro: rx.Var[str]
    status: rx.Var[str]
    rating: rx.Var[int]
    history: rx.Var[list[MessageView]]
    live: rx.Var[list[MessageView]]
    on_introduce: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]


def embed() -> rx.Component:
    """The panel for a frame on another site."""
    bridge = HostBridge.create(
        loaded=VisitorChat.loaded,
        acknowledged_intro=VisitorChat.acknowledged_intro,
        revoked_intro=VisitorChat.revoked_intro,
        status=VisitorChat.status,
        rating=VisitorChat.rating,
        history=VisitorChat.history,
        live=VisitorChat.live,
        on_introduce=VisitorIntroduction.introduce,
    )
    return rx.el.main(panel(), bridge, class_name="screen flex bg-(--surface)")
