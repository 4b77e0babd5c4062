"""What an operator does with a conversation. Each act carries the id of the conversation that was on the screen.

The server may have opened another one since: its thread may still be on its way to the browser, and an answer to one
visitor must not reach another.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import reflex as rx

from vink_chat import answering, conversations, handover, operators, topics
from vink_chat.conversations import queue, visitors
from vink_chat.conversations.queue import QueueTab
from vink_chat.kit import db, signals
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.messages import DraftView
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.views import Described, EndingView, visitor_name
from vink_chat.pages.staff.signed_in import Refusals, parse_id, shows_refusals

_NO_POSITION: Final = 10**9
# The kinds of text that the composer sends.
_ANSWER: Final = "answer"
_NOTE: Final = "note"
# An answer by which the operator also takes the conversation.
_TAKE: Final = "take"
ENDING: Final = "ending"

Verb = Callable[..., Awaitable[object]]
"""Takes the open transaction, the conversation's id, the operator, and further arguments."""


def _by_id(verb: Verb) -> Verb:
    """Let a verb take the operator's id instead of the operator."""
    return lambda tx, conversation, asking, *more: verb(tx, conversation, asking.id, *more)


def _by_name(verb: Verb) -> Verb:
    """Let a verb take the operator's id and name instead of the operator."""
    return lambda tx, conversation, asking, *more: verb(tx, conversation, asking.id, asking.name, *more)


class DeskActs(Refusals, mixin=True):
    """The buttons and forms of the desk.

    Attributes:
        opened: The conversation to show; the browser may still show the previous one.
        described: The result of the last change to a visitor's card.
        corrected: The last correction that was saved, as «message id:number»; the number grows with each.
        endings: The conversations the operator has finished and may still keep open, and those that continue after all.
    """

    opened: str = rx.SessionStorage("", name="vink_desk")
    endings: list[EndingView] = []
    described: Described = Described(id="", field="", wrong="", number=0)
    corrected: str = ""

    @rx.event
    async def reply(self, conversation_id: str, client_id: str, text: str, kind: str, quote: str):
        """Answer the visitor or leave a note, as ``kind`` says; ``quote`` may name the message that is answered."""
        takes = kind == _TAKE

        async def verb(tx: Transaction, conversation: UUID, asking: operators.SignedIn) -> None:
            if kind not in {_ANSWER, _NOTE, _TAKE}:
                # Never guess whether a visitor may read it.
                raise conversations.BadMessage
            if takes and not await _sent_before(tx, conversation, asking, client_id):
                await handover.resume(tx, conversation, asking.id, asking.name)
            await conversations.reply(
                tx,
                conversation,
                asking.id,
                asking.name,
                text,
                note=kind == _NOTE,
                client_id=client_id,
                quote=parse_id(quote) if quote else None,
            )

        return await self._do(verb, conversation_id, follow=QueueTab.MINE if takes else None)

    @rx.event
    async def correct(self, conversation_id: str, message_id: str, kind: str, text: str):
        """Correct a message of the operator's own; an answer (``kind``) stays an answer and a note a note."""

        async def verb(tx: Transaction, conversation: UUID, asking: operators.SignedIn) -> None:
            if kind not in {_ANSWER, _NOTE}:
                raise conversations.BadMessage
            message = parse_id(message_id)
            await conversations.edit(tx, message, asking.id, text, note=kind == _NOTE, conversation_id=conversation)

        elsewhere = await self._do(verb, conversation_id)
        if not elsewhere and not self.refusal:
            self.corrected = f"{parse_id(message_id).hex}:{int(self.corrected.rpartition(':')[2] or 0) + 1}"
        return elsewhere

    @rx.event
    async def claim(self, conversation_id: str):
        """Take a conversation."""
        return await self._do(_by_name(handover.claim), conversation_id, follow=QueueTab.MINE)

    @rx.event
    async def take_over(self, conversation_id: str, holder: str):
        """Take a conversation over from the colleague whom the page showed as its holder."""

        async def verb(tx: Transaction, conversation: UUID, asking: operators.SignedIn) -> None:
            await handover.take_over(tx, conversation, asking, parse_id(holder))

        return await self._do(verb, conversation_id, follow=QueueTab.MINE)

    @rx.event
    async def resume(self, conversation_id: str):
        """Resume a conversation that has ended."""
        return await self._do(_by_name(handover.resume), conversation_id, follow=QueueTab.MINE)

    @rx.event
    async def release(self, conversation_id: str):
        """Put a conversation back into the queue."""
        return await self._do(_by_id(handover.release), conversation_id, follow=QueueTab.WAITING)

    @rx.event
    async def give_back(self, conversation_id: str):
        """Return a conversation to the assistant."""
        return await self._do(_by_id(handover.give_back), conversation_id)

    @rx.event
    async def finish(self, conversation_id: str, position: int):
        """End a conversation in a few seconds, unless the visitor wrote something the page did not show yet."""
        elsewhere = await self._do(_by_id(handover.finish_soon), conversation_id, _known(position))
        self._wake(ENDING)
        return elsewhere

    @rx.event
    async def keep_open(self, conversation_id: str):
        """Keep a conversation open that was about to end."""
        self._forget_ending(conversation_id)
        elsewhere = await self._do(_by_id(handover.keep_open), conversation_id)
        self._wake(ENDING)
        return elsewhere

    @rx.event
    @shows_refusals
    async def forget_ending(self, conversation_id: str):
        """Dismiss the notice that a conversation continues after all."""
        await self._operator()
        self._forget_ending(conversation_id)

    @rx.event
    async def transfer(self, conversation_id: str, form: dict[str, Any]):
        """Give a conversation to a colleague, with a note."""

        async def verb(tx: Transaction, conversation: UUID, asking: operators.SignedIn) -> None:
            note = conversations.one_line(form.get("note"), 1000)
            colleague = await operators.operator(tx, parse_id(form.get("to")))
            reachable = colleague.can_sign_in or colleague.telegram_id is not None
            if colleague.status is not operators.AccountStatus.ACTIVE or not reachable:
                raise operators.AccountDisabled
            await handover.transfer(tx, conversation, asking.id, colleague.id, colleague.name, note)

        return await self._do(verb, conversation_id)

    @rx.event
    async def set_priority(self, conversation_id: str, priority: str):
        """Set how urgent a conversation is."""
        return await self._do(
            lambda tx, conversation, _asking: queue.set_priority(tx, conversation, priority), conversation_id
        )

    @rx.event
    async def block(self, form: dict[str, Any]):
        """Block the visitor of a conversation for a while or for good, and end their conversation."""

        async def verb(tx: Transaction, conversation: UUID, asking: operators.SignedIn) -> None:
            await handover.block(
                tx,
                conversation,
                asking.id,
                asking.name,
                period=form.get("period"),
                reason=form.get("reason"),
                address=form.get("whom") == "address",
                admin=asking.is_admin,
            )

        return await self._do(verb, form.get("conversation"))

    @rx.event
    async def unblock(self, conversation_id: str):
        """Let the visitor of a conversation write again."""
        return await self._do(lambda tx, conversation, _asking: handover.unblock(tx, conversation), conversation_id)

    @rx.event
    async def describe(self, conversation_id: str, field: str, text: str):
        """Save one field of the visitor's card, and show the result beside it."""
        try:
            _, conversation = await self._operator(), parse_id(conversation_id)
            async with db.transaction() as tx:
                await visitors.correct(tx, conversation, field, text)
            wrong = ""
        except VinkError as refusal:
            if not refusal.field:
                return await self._refuse_about(conversation_id, refusal)
            wrong = refusal.say(self._language())
        number = self.described["number"] + 1
        self.described = Described(id=conversation_id, field=field, wrong=wrong, number=number)
        return None

    @rx.event
    @shows_refusals
    async def write(self, conversation_id: str):
        """Show the visitor that the operator is typing."""
        asking = await self._operator()
        async with db.reading() as tx:
            conversation = await conversations.get(tx, parse_id(conversation_id))
        if conversations.holds(conversation, asking.id):
            signals.current().publish(topics.visitor(conversation.visitor_id), "typing")

    @rx.event
    @shows_refusals
    async def see(self, conversation_id: str, position: int):
        """Record up to which position a conversation was read; the page reports it while somebody looks at it."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await conversations.mark_read(
                tx, parse_id(conversation_id), position=_known(position), by_operator=asking.id
            )

    def _forget_ending(self, conversation_id: str) -> None:
        self.endings = [one for one in self.endings if one["id"] != conversation_id]

    def _wake(self, kind: str = "open") -> None:
        """Wake the background task that draws this tab."""
        signals.current().publish(f"tab:{self.router.session.client_token}", kind, local=True)

    async def _do(self, verb: Verb, conversation_id: object, *more: object, follow: QueueTab | None = None):
        """Call a verb on a conversation, or show why it was refused.

        Args:
            verb: What to do.
            conversation_id: The conversation, as the browser names it.
            more: Further arguments of the verb.
            follow: The tab the conversation is in afterwards; the queue shows it if the conversation is open.

        Returns:
            An event for the page, or None.
        """
        try:
            asking, conversation = await self._operator(), parse_id(conversation_id)
            async with db.transaction() as tx:
                await verb(tx, conversation, asking, *more)
        except VinkError as refusal:
            return await self._refuse_about(conversation_id, refusal)
        self.refusal = ""
        return DeskQueue.keep_in_sight(follow.value) if follow and self.opened == conversation_id else None

    async def _refuse_about(self, conversation_id: object, refusal: VinkError):
        """Show a refusal; if another conversation is open by now, name the visitor it is about."""
        going = self._refuse(refusal)
        if going or self.opened == conversation_id:
            return going
        try:
            async with db.reading() as tx:
                conversation = await conversations.get_row(tx, parse_id(conversation_id))
                visitor = await visitors.get_row(tx, conversation.visitor_id)
        except VinkError:
            return None
        self.refusal = f"{visitor_name(visitor.name, visitor.id, self._language())}: {self.refusal}"
        return None


async def _sent_before(tx: Transaction, conversation_id: UUID, asking: operators.SignedIn, client_id: str) -> bool:
    """Tell whether this answer was received before: a repeated one must not resume what has ended since."""
    conversation, name = await conversations.get(tx, conversation_id), conversations.one_line(client_id, 64)
    before = await conversations.sent_before(tx, conversation.visitor_id, name) if name else None
    return before is not None and before.operator_id == asking.id


def _known(position: int) -> int:
    """Return a position that came from a browser, or 0 if it is impossible."""
    return position if 0 < position < _NO_POSITION else 0


class DeskDrafting(DeskActs, mixin=True):
    """Drafts that the assistant suggests.

    Attributes:
        drafting: The conversations a draft is being written for.
        draft: The last draft; an empty composer takes it, a composer with text offers it.
    """

    drafting: list[str] = []
    draft: DraftView = DraftView(id="", text="", number=0)

    @rx.event(background=True)
    async def suggest(self, conversation_id: str):
        """Ask the assistant for a draft without blocking the page; a second press meanwhile does nothing."""
        async with self:
            try:
                asking, conversation = await self._operator(), parse_id(conversation_id)
            except VinkError as refusal:
                return self._refuse(refusal)
            wanted = str(conversation)
            if wanted in self.drafting:
                return None
            self.drafting = [*self.drafting, wanted]
        text, refused = "", None
        try:
            text = await answering.suggest(conversation, asking.id)
        except VinkError as refusal:
            refused = refusal
        finally:
            async with self:
                self.drafting = [one for one in self.drafting if one != wanted]
        async with self:
            try:
                # An operator who was signed out meanwhile gets nothing.
                await self._operator(counts_as_activity=False)
            except VinkError as refusal:
                return self._refuse(refusal)
            if refused:
                return await self._refuse_about(wanted, refused)
            self.draft = DraftView(id=wanted, text=text, number=self.draft["number"] + 1)
        return None

    @rx.event
    @shows_refusals
    async def drop_draft(self, draft_number: int):
        """Discard the draft, unless a newer one has come."""
        await self._operator()
        if draft_number == self.draft["number"]:
            self._forget_drafts()

    def _forget_drafts(self) -> None:
        self.draft = DraftView(id="", text="", number=self.draft["number"])
