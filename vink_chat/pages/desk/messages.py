"""An operator's view of messages: with notes, and with where each answer of the assistant came from."""

from typing import Final, TypedDict
from uuid import UUID

from babel.numbers import format_percent

from vink_chat.answering import Run
from vink_chat.conversations import Author, MessageRow, Reason
from vink_chat.kit.words import say
from vink_chat.pages.desk.words import reason_word
from vink_chat.pages.shared.formats import seconds_words
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.visitor.views import MessagePresenter, MessageView

# Used where nobody is named as having ended the conversation.
_ENDS: Final = {
    Reason.FINISHED: "Завершено",
    Reason.BLOCKED: "Завершено",
    Reason.IDLE: "Завершено по молчанию",
    Reason.GONE: "Посетитель ушёл, не дождавшись ответа",
}


class PassageView(TypedDict):
    """A passage of the knowledge base that the assistant was given."""

    title: str
    score: str
    cited: bool


class DeskMessageView(MessageView):
    """A message with what only operators see.

    Attributes:
        own: The source text, if this operator wrote it and may correct it; else empty.
        aside: A line under the chat's own notices: who ended the conversation, or that only the staff read it.
        withheld: What the assistant wrote and the visitor was not shown.
    """

    note: bool
    own: str
    aside: str
    why: str
    withheld: str
    passages: list[PassageView]


class DraftView(TypedDict):
    """The assistant's draft for the conversation ``id``; the text is empty while there is none.

    Attributes:
        number: Grows with each draft.
    """

    id: str
    text: str
    number: int


def passages(run: Run, language: str) -> list[PassageView]:
    """Return the passages of a run."""
    return [
        PassageView(
            title=one["title"], score=format_percent(one["score"], locale=language), cited=bool(one.get("cited"))
        )
        for one in run.passages
    ]


def why(run: Run, language: str) -> str:
    """Describe on one line where an answer came from."""
    model = " ".join(part for part in (run.provider, run.model) if part)
    tokens = say(
        "токены: {read} прочитано, {written} написано", language, read=run.input_tokens, written=run.output_tokens
    )
    reason = next((reason_word(one, language) for one in Reason if one.value == run.reason), "")
    parts = (
        say("модель {model}", language, model=model) if model else "",
        seconds_words(run.milliseconds, language),
        tokens if run.output_tokens else "",
        reason,
        run.detail,
    )
    return " · ".join(part for part in parts if part)


class DeskPresenter:
    """Turns a conversation's messages into views for one operator, each answer with its run."""

    def __init__(self, language: str, zone: str, operator_id: UUID | None = None) -> None:
        self._language = language
        self._operator_id = operator_id
        self._presenter = MessagePresenter(language, zone)

    def present(self, messages: list[MessageRow], runs: dict[str, Run], visitor: str) -> list[DeskMessageView]:
        """Return the views of messages that follow those presented before."""
        return [
            self._one(message, view, runs, visitor)
            for message, view in zip(messages, self._presenter.present(messages), strict=True)
        ]

    def _one(self, message: MessageRow, view: MessageView, runs: dict[str, Run], visitor: str) -> DeskMessageView:
        run = runs.get(message.run_id.hex) if message.run_id else None
        # The visitor's buttons are a list for operators.
        buttons = "\n".join(f"- {reply['text']}" for reply in message.quick_replies)
        html = view["html"] + (from_markdown(buttons) if buttons else "")
        label = visitor if message.author is Author.VISITOR else view["label"]
        if message.note:
            label = " · ".join(filter(None, (say("Заметка", self._language), message.author_name or label)))
        return DeskMessageView(
            **{**view, "client_id": message.client_id or "", "sources": [], "label": label, "html": html},
            note=message.note,
            own=message.text if message.author is Author.OPERATOR and message.operator_id == self._operator_id else "",
            aside=self._aside(message, view["time"]),
            why=why(run, self._language) if run else "",
            withheld=run.withheld if run else "",
            passages=passages(run, self._language) if run else [],
        )

    def _aside(self, message: MessageRow, time: str) -> str:
        if message.author is not Author.SYSTEM:
            return ""
        if message.reason in _ENDS:
            name = message.author_name
            said = "Завершено: {name}" if name else _ENDS[message.reason]
            return f"{say(said, self._language, name=name)} · {time}"
        return f"{say('Видят только сотрудники', self._language)} · {time}" if message.note else ""
