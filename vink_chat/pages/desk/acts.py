"""What an operator does with a conversation: each act says which one, as the page had it drawn at the press.

What the server has opened since is no matter: the next conversation may be on its way to the screen, and an answer to one
visitor must not reach another.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import reflex as rx

from vink_chat import answering, conversations, handover, operators, topics
from vink_chat.conversations import visitors
from vink_chat.conversations.queue import QueueTab
from vink_chat.kit import db, signals
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.pages.desk.messages import DraftView
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.views import Described, EndingView, visitor_name
from vink_chat.pages.staff.signed_in import Refusals, parse_id, shows_refusals

_NO_POSITION: Final = 10**9
# What the composer writes.
_ANSWER: Final = "answer"
_NOTE: Final = "note"
# An answer that takes the conversation first.
_TAKE: Final = "take"
ENDING: Final = "ending"

Verb = Callable[..., Awaitable[object]]
"""What is done to a conversation: takes the open transaction, its id, the operator who asks, and what else there is."""


def _by_id(verb: Verb) -> Verb:
    """Let a verb take the operator's id instead of the operator."""
    return lambda tx, conversation, asking, *more: verb(tx, conversation, asking.id, *more)


def _by_name(verb: Verb) -> Verb:
    """Let a verb take the operator's id and name instead of the operator."""
    return lambda tx, conversation, asking, *more: verb(tx, conversation, asking.id, asking.name, *more)


class DeskActs(Refusals, mixin=True):
    """The buttons and forms of the desk.

    Attributes:
        opened: Which conversation is to be shown; what is on the screen may still be the one before.
        described: What came of the last thing that was written down of a visitor.
        corrected: The message that was corrected last, and a number of its own for each time: «id:number».
        endings: What the operator has finished and may keep open still, or what goes on after all.
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
                # Nobody guesses whether it is fit for a visitor's eyes.
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
        """Change what the operator wrote themselves: an answer (``kind``) stays one, and a note a note."""

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
        """Take a conversation over from the colleague who was drawn as its holder."""

        async def verb(tx: Transaction, conversation: UUID, asking: operators.SignedIn) -> None:
            await handover.take_over(tx, conversation, asking, parse_id(holder))

        return await self._do(verb, conversation_id, follow=QueueTab.MINE)

    @rx.event
    async def resume(self, conversation_id: str):
        """Take up a conversation again although it is over."""
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
        """End a conversation in some seconds, if its thread was drawn up to the visitor's last words."""
        elsewhere = await self._do(_by_id(handover.finish_soon), conversation_id, _known(position))
        self._wake(ENDING)
        return elsewhere

    @rx.event
    async def keep_open(self, conversation_id: str):
        """Let a conversation go on that was about to end."""
        self._forget_ending(conversation_id)
        elsewhere = await self._do(_by_id(handover.keep_open), conversation_id)
        self._wake(ENDING)
        return elsewhere

    @rx.event
    @shows_refusals
    async def forget_ending(self, conversation_id: str):
        """Put away the word that a conversation goes on after all."""
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
    async def block(self, form: dict[str, Any]):
        """Block the visitor of a conversation for a while or for good; what they have open ends."""

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
        """Write down one thing that is known of the visitor, and say at its field what came of it."""
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
        """Let the visitor know that somebody is writing."""
        asking = await self._operator()
        async with db.reading() as tx:
            conversation = await conversations.get(tx, parse_id(conversation_id))
        if conversations.holds(conversation, asking.id):
            signals.current().publish(topics.visitor(conversation.visitor_id), "typing")

    @rx.event
    @shows_refusals
    async def see(self, conversation_id: str, position: int):
        """Remember up to which position a conversation was read: the page says so while somebody looks at it."""
        asking = await self._operator()
        async with db.transaction() as tx:
            await conversations.mark_read(tx, parse_id(conversation_id), position=_known(position), by_operator=asking.id)

    def _forget_ending(self, conversation_id: str) -> None:
        self.endings = [one for one in self.endings if one["id"] != conversation_id]

    def _wake(self, kind: str = "open") -> None:
        """Wake this tab's own watch."""
        signals.current().publish(f"tab:{self.router.session.client_token}", kind, local=True)

    async def _do(self, verb: Verb, conversation_id: object, *more: object, follow: QueueTab | None = None):
        """Do something to a conversation, or show why it was refused.

        Args:
            verb: What is done.
            conversation_id: To which one, as the browser says.
            more: What else the verb takes.
            follow: The box it is then in; the queue follows it there if it is the one on the screen.

        Returns:
            Where the page goes on, if it does.
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
        """Show a refusal; where another conversation has been opened since, it says whose this one is."""
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
    """Tell whether an answer came before: a repeated one takes up nothing that has ended since."""
    conversation, name = await conversations.get(tx, conversation_id), conversations.one_line(client_id, 64)
    before = await conversations.sent_before(tx, conversation.visitor_id, name) if name else None
    return before is not None and before.operator_id == asking.id


def _known(position: int) -> int:
    """Return a position that came from a browser; 0 when there can be none such."""
    return position if 0 < position < _NO_POSITION else 0


class DeskDrafting(DeskActs, mixin=True):
    """What the assistant suggests.

    Attributes:
        drafting: The conversations a draft is being written for.
        draft: The last one that came; an empty composer takes it, beside what is being written it is offered.
    """

    drafting: list[str] = []
    draft: DraftView = DraftView(id="", text="", number=0)

    @rx.event(background=True)
    async def suggest(self, conversation_id: str):
        """Ask the assistant for a draft; the page is not held up meanwhile, and a second press asks nothing more."""
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
                # Who was signed out meanwhile reads nothing.
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
        """Put the draft away, unless another one has come since."""
        await self._operator()
        if draft_number == self.draft["number"]:
            self._forget_drafts()

    def _forget_drafts(self) -> None:
        self.draft = DraftView(id="", text="", number=self.draft["number"])
