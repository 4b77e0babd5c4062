"""One update being handled: who it is from, what is put into the outbox, and what follows after the commit."""

from dataclasses import dataclass, field
from uuid import UUID

from vink_chat.channels import outbox
from vink_chat.channels.telegram.bot import Markup
from vink_chat.channels.telegram.inbound.updates import Pressed, Said
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import OperatorView


@dataclass(frozen=True, slots=True)
class Wish:
    """A draft somebody asked the assistant for."""

    conversation_id: UUID
    operator_id: UUID
    link_id: int
    chat_id: int
    language: str


@dataclass(slots=True)
class After:
    """What is done once the update is committed.

    Attributes:
        press_id: The button to answer, if one was pressed.
        words: What to answer it with.
        alert: Whether the answer is shown in a dialog that must be closed.
        wish: A draft to ask for.
        look: Whether to look at every conversation afterwards.
    """

    press_id: str = ""
    words: str = ""
    alert: bool = False
    wish: Wish | None = None
    look: bool = False


@dataclass(slots=True)
class Visit:
    """A known operator's update.

    Attributes:
        place: The link of the topic it came from, so that answers go there too.
    """

    tx: Transaction
    what: Said | Pressed
    person: OperatorView
    place: int | None = None
    after: After = field(default_factory=After)

    def say(self, sentence: str, /, **values: object) -> str:
        """Return a sentence in the operator's language."""
        return say(sentence, self.person.language, **values)

    async def tell(self, words: str, *, markup: Markup | None = None, link_id: int | None = None) -> int:
        """Put words into the outbox, for the place the update came from."""
        answers = None if isinstance(self.what, Pressed) or self.what.private else self.what.number
        return await outbox.text(
            self.tx, self.what.chat_id, words, markup=markup, link_id=link_id or self.place, answers=answers
        )
