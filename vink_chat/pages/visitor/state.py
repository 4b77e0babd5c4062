"""The conversation shown in a visitor's tab."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypedDict
from uuid import UUID

import reflex as rx
from reflex.vars import VarData

from vink_chat import conversations, handover, preferences, topics
from vink_chat.conversations import QuickReply, Reason, Status
from vink_chat.kit import db, signals
from vink_chat.kit.errors import VinkError
from vink_chat.pages.visitor.identity import HostOptions, VisitorIdentity
from vink_chat.pages.visitor.reader import ThreadReader
from vink_chat.pages.visitor.thread_broadcast import ThreadBroadcast, shared_values, thread_broadcasts
from vink_chat.pages.visitor.views import ContactView, MessageView, contact_view, known_zone, prepend
from vink_chat.web import broadcast, tabs

log = logging.getLogger(__name__)

# The number of the host page's last introduction, read at the moment of the click.
INTRODUCTION = rx.Var(
    "introduction()",
    _var_type=str,
    _var_data=VarData(imports={"$/vink_chat/pages/visitor/use_conversation.js": "introduction"}),
)


class AnotherVisitor(VinkError):
    """The host page introduced another visitor while something was pressed."""

    sentence = "Пока вы нажимали, чат открылся для другого посетителя. Проверьте и повторите."
    status = 409


class Refusal(TypedDict):
    """Why one message was refused, shown at that message."""

    client_id: str
    text: str
    number: int


class WrongContact(TypedDict):
    """Which field of the contact form was refused, and why.

    Attributes:
        number: Incremented with every refusal, so that the field is focused again.
    """

    field: str
    text: str
    number: int


class VisitorChat(VisitorIdentity, rx.State):
    """The visitor's panel: thread, composer, and who holds the conversation.

    Attributes:
        acknowledged_intro: The number of the last introduction handled here; the page sends nothing in a visitor's name
            before its own introduction is acknowledged.
        form: The wait in which the contact form is offered; empty while it is not.
        comment: The comment on the rating; ``comment_form`` is true while it is being changed.
        ending: Which end of the conversation is rated: a draft of the comment belongs to it.
        contact_form: «open» when the visitor opened the form; otherwise it is open until a contact is known.
        dismissed_form: The wait in which the visitor dismissed the form; the browser keeps it across reloads.
        revoked_intro: The number of an introduction whose signing secret was renewed.
        _pending_call: Introduction number of a human request made before that introduction was acknowledged; «?» means
            the first one.
    """

    history: list[MessageView] = []
    live: list[MessageView] = []
    more: bool = False
    loaded: bool = False
    draft: str = ""
    slow: bool = False
    thinking: bool = False
    status: str = Status.ASSISTED.value
    rating: int = 0
    comment: str = ""
    comment_form: bool = False
    ending: str = ""
    read: int = 0
    place: int = 0
    quick_replies: list[QuickReply] = []
    blocked: str = ""
    form: str = ""
    contact: ContactView = contact_view()
    contact_form: str = ""
    dismissed_form: str = rx.LocalStorage("", name="vink_put_away")
    wrong_contact: WrongContact = {"field": "", "text": "", "number": 0}
    typing: bool = False
    acknowledged_intro: str = ""
    revoked_intro: str = ""
    refusal: Refusal = {"client_id": "", "text": "", "number": 0}
    _pending_call: str = ""
    _agreed: tuple[UUID, str, str] | None = None
    _conversation_id: UUID | None = None
    _position: int = 0
    _seen: int = 0

    @rx.event
    async def enter(self):
        """Identify the visitor, show what needs no thread, and start the watch."""
        if not conversations.is_secret(self.secret):
            self.secret = conversations.new_secret()
        self._apply_appearance()
        return VisitorChat.watch

    @rx.event(background=True)
    async def watch(self):
        """Update the thread whenever it changes, for as long as the tab lives."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        token = self.router.session.client_token
        while True:
            async with self:
                if self._drop_revoked_identity():
                    self._refuse(conversations.SignedOut())
                reader = self._reader()
            async with thread_broadcasts.join(token, reader) as thread:
                joined = await self._show_thread(thread, reader)
                while joined:
                    joined = await thread.next_change(token)

    @rx.event
    async def send(self, text: Any, client_id: Any = "", number: Any = ""):
        """Store a message; a repeated one changes nothing, and one sent under another introduction is sent again."""
        if conversations.one_line(number, 32) != self.acknowledged_intro:
            return
        name = conversations.one_line(client_id, 64)
        try:
            await self._check_access()
            await handover.admit_message(db.reading, self._visitor_id(), self._address(), text, name)
            async with db.transaction() as tx:
                await conversations.receive(
                    tx, self._secret(), text, name, context=self._context(), reopen_within=_reopen_within()
                )
                await self._keep_consent(tx)
            self._forget_refusal()
        except VinkError as refusal:
            self._refuse(refusal, name)

    @rx.event
    async def call_operator(self, number: str = ""):
        """Call a person; before the introduction is acknowledged, for the visitor it will name."""
        if number == self.acknowledged_intro:
            await self._call()
        else:
            self._pending_call = conversations.one_line(number, 32)

    async def _call(self) -> None:
        self._pending_call = ""
        try:
            await self._check_access()
            await handover.admit_call(db.reading, self._visitor_id(), self._address())
            async with db.transaction() as tx:
                conversation = await conversations.open_for(
                    tx, self._secret(), self._context(), reopen_within=_reopen_within()
                )
                await handover.request(tx, conversation, Reason.BUTTON)
            self._forget_refusal()
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    async def stop_waiting(self, number: str = ""):
        """Withdraw the call for a person; ``number`` as in ``_do``."""
        await self._do(number, lambda tx: handover.withdraw(tx, self._visitor_id()))

    @rx.event
    async def rate(self, stars: int, number: str = ""):
        """Store the visitor's rating of the closed conversation; ``number`` as in ``_do``."""
        await self._do(number, lambda tx: handover.rate(tx, self._visitor_id(), stars))

    @rx.event
    async def leave_comment(self, form: dict[str, Any]):
        """Store the comment on the rating; the form's ``number`` is as in ``_do``."""
        fields = form if isinstance(form, dict) else {}
        number, text = fields.get("number", ""), fields.get("text")
        if await self._do(number, lambda tx: handover.comment(tx, self._visitor_id(), text)):
            self.comment_form = False

    async def _do(self, number: object, verb: Callable[[db.Transaction], Awaitable[object]]) -> bool:
        """Call a verb for the visitor that the page showed; show a refusal, and return false after one.

        Args:
            number: The introduction rendered when the button was pressed.
            verb: Called with an open transaction.
        """
        try:
            self._check_same_visitor(number)
            await self._check_access()
            async with db.transaction() as tx:
                await verb(tx)
        except VinkError as refusal:
            self._refuse(refusal)
            return False
        self._forget_refusal()
        return True

    @rx.event
    def change_comment(self):
        """Show the form of the comment again."""
        self.comment_form = True

    @rx.event
    async def leave_contacts(self, form: dict[str, Any]):
        """Store the visitor's contacts when nobody can answer now; a refusal is shown at its field.

        The form's ``number`` is as in ``_do``.
        """
        fields = form if isinstance(form, dict) else {}
        self._mark_contact("", "")
        try:
            self._check_same_visitor(fields.get("number", ""))
            await self._check_access()
            async with db.transaction() as tx:
                await handover.leave_contacts(
                    tx, self._visitor_id(), fields.get("name"), fields.get("phone"), fields.get("email")
                )
                await self._keep_consent(tx)
            self.contact_form = ""
            self._forget_refusal()
        except handover.BadContacts as refusal:
            self._mark_contact(refusal.field, refusal.say(self.language))
        except VinkError as refusal:
            self._refuse(refusal)

    @rx.event
    def open_contacts(self):
        """Show the contact form again, to correct it."""
        self.contact_form = "open"

    @rx.event
    def close_contacts(self):
        """Dismiss the contact form for as long as this wait lasts."""
        self.contact_form, self.dismissed_form = "", self.form
        self._mark_contact("", "")

    def _mark_contact(self, field: str, text: str) -> None:
        number = self.wrong_contact["number"] + bool(text)
        self.wrong_contact = {"field": field, "text": text, "number": number}

    async def _keep_consent(self, tx: db.Transaction) -> None:
        """Store the visitor's consent, once per wording."""
        text, url = self.consent["text"], self.consent["url"]
        agreed = (self._visitor_id(), text, url)
        if not url or self._agreed == agreed:
            return
        await conversations.consent(tx, self._visitor_id(), text=text, policy_url=url, address=self._address())
        self._agreed = agreed

    @rx.event
    async def write(self, number: str = ""):
        """Tell the operator that the visitor is typing."""
        if number == self.acknowledged_intro and self._conversation_id and self.status == Status.ATTENDED.value:
            signals.current().publish(topics.conversation(self._conversation_id), "typing")

    @rx.event
    async def see(self, number: str = ""):
        """Tell the operators that the visitor has read the thread."""
        if number == self.acknowledged_intro and self._conversation_id and self._position > self._seen:
            self._seen = self._position
            async with db.transaction() as tx:
                await conversations.mark_read(tx, self._conversation_id, position=self._position, by_visitor=True)

    @rx.event
    async def show_earlier(self):
        """Show older messages above the thread."""
        shown = self.history or self.live
        if self._drop_revoked_identity() or not shown or not conversations.is_secret(self.secret):
            return
        first = shown[0]["position"]
        earlier, more = await self._reader().read_before(first)
        # A correction may have reloaded the thread meanwhile, starting elsewhere.
        if (self.history or self.live)[0]["position"] == first:
            self.history, self.more = prepend(earlier, self.history), more

    def _check_same_visitor(self, number: object) -> None:
        """Check that the page showed the current visitor: ``number`` is the introduction rendered when it was pressed.

        Raises:
            AnotherVisitor: The host page has introduced somebody else since.
        """
        if number != self.acknowledged_intro:
            raise AnotherVisitor

    async def _check_access(self) -> None:
        if self._drop_revoked_identity():
            raise conversations.SignedOut
        await self._check_limits()

    def _drop_revoked_identity(self) -> bool:
        """Forget an identity signed with a secret that was renewed since; true when there was one."""
        revoked = bool(self._signed_secret) and self._signed_with != preferences.current(preferences.Identity).secret
        if revoked:
            self._become("", self._host_options)
            # Unsent messages of the page belong to that visitor: it has to introduce the visitor again first.
            self.acknowledged_intro, self.revoked_intro = "", self.acknowledged_intro
        return revoked

    def _become(self, signed_secret: str, options: HostOptions) -> None:
        """Switch to the visitor with this signed secret (empty: the browser's own), and apply the host page's options."""
        before, language = self._visitor_id(), self.language
        self._signed_secret, self._signed_with = signed_secret, preferences.current(preferences.Identity).secret
        self._host_options = options
        self._apply_appearance()
        if (before, language) == (self._visitor_id(), self.language):
            return
        self.history, self.live, self.more, self.loaded, self.draft, self.typing = [], [], False, False, "", False
        self.status, self.form, self.contact_form = Status.ASSISTED.value, "", ""
        self.rating, self.comment, self.comment_form, self.ending = 0, "", False, ""
        self._conversation_id, self._position, self._seen = None, 0, 0
        thread_broadcasts.leave(self.router.session.client_token)
        # Wakes this tab's watch, which then joins the other thread.
        signals.current().publish(topics.visitor(before), "thread", local=True)

    def _is_known(self) -> bool:
        return bool(self._signed_secret or self.history or self.live)

    async def _show_thread(self, thread: ThreadBroadcast, reader: ThreadReader) -> bool:
        """Show the whole thread and subscribe to it; false when the tab has switched to another thread."""
        async with thread.lock:
            update = await reader.read_all()
            async with self:
                if not reader.suits(self._visitor_id(), self.language):
                    return False
                self.history, self.live, self.more, self.loaded = update.messages, [], update.more, True
                self.typing = False
                self._show_availability()
                for name, value in shared_values(update).items():
                    setattr(self, name, value)
                thread.add(broadcast.Tab.of(self), reader)
        return True

    def _refuse(self, refusal: VinkError, client_id: str = "") -> None:
        # Numbered, so that the page notices the same refusal twice.
        number = self.refusal["number"] + 1
        is_timed = isinstance(refusal, conversations.Blocked)
        text = refusal.say(self.language, zone=known_zone(self.zone)) if is_timed else refusal.say(self.language)
        self.refusal = {"client_id": client_id, "text": text, "number": number}

    def _forget_refusal(self) -> None:
        if self.refusal["text"]:
            self.refusal = {**self.refusal, "client_id": "", "text": ""}


def _reopen_within() -> timedelta:
    return timedelta(hours=preferences.current(preferences.Handover).reopen_hours)
