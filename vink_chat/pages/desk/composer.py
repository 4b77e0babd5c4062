"""The operator's composer for answers, notes and canned replies (``reply_composer.jsx``)."""

from typing import Any, Final

import reflex as rx

from vink_chat.components import button, icon, icon_button
from vink_chat.components.vars import contains, negate
from vink_chat.conversations import Status
from vink_chat.pages.desk.elements import command_button, command_icon
from vink_chat.pages.desk.messages import DeskMessageView, DraftView
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.views import CannedView
from vink_chat.pages.desk.words import speak

_SENTENCES: Final = {
    "reply_hint": "Ответ посетителю",
    "note_hint": "Посетитель этого не увидит",
    "send": "Отправить",
    "add_note": "Добавить заметку",
    "draft": "Черновик",
    "drafting": "Пишет…",
    "draft_of": "Черновик ассистента",
    "insert": "Вставить",
    "save": "Сохранить",
    "take_and_reply": "Взять и ответить",
    "resume_and_reply": "Взять снова и ответить",
    "only_holder": "Отвечает коллега; здесь можно оставить заметку",
    "only_note": "Разговор завершён, посетитель начал новый; здесь можно оставить заметку",
}
speak(_SENTENCES)
t = DeskQueue.t
head = DeskThread.head
_NOTE: Final = "group-has-[[value=note]:checked]/reply:"
_CORRECTS: Final = "group-data-[corrects]/reply:"


Text = rx.Var[str]


def _replied(
    conversation_id: Text, client_id: Text, text: Text, kind: Text, quote: Text
) -> tuple[Text, Text, Text, Text, Text]:
    return conversation_id, client_id, text, kind, quote


def _corrected(conversation_id: Text, message_id: Text, kind: Text, text: Text) -> tuple[Text, Text, Text, Text]:
    return conversation_id, message_id, kind, text


class ReplyComposer(rx.Component):
    """The composer. It keeps each conversation's text and kind until the thread shows the message.

    Attributes:
        operator: Whose drafts they are: on a shared computer an operator does not see a colleague's.
        answers: How the operator may answer: ``mine``, ``take``, or empty for not at all.
        over: Whether the conversation has ended.
        visitor: The visitor's name, where it is known.
        corrected: Identifies the last correction that was saved.
        answer_hint: The placeholder of an answer; ``note_hint`` that of a note.
        on_reply: Called with the conversation, the message's client id, its text, its kind and the quoted message.
        on_correct: Called with the conversation, the message, its kind and its new text.
        on_typing: Called with the conversation every few seconds while the operator types.
        on_drop_draft: Called with the number of the draft that was used.
    """

    library = "$/vink_chat/pages/desk/reply_composer.jsx"
    tag = "ReplyComposer"
    operator: rx.Var[str]
    conversation_id: rx.Var[str]
    answers: rx.Var[str]
    over: rx.Var[bool]
    history: rx.Var[list[DeskMessageView]]
    live: rx.Var[list[DeskMessageView]]
    canned: rx.Var[list[CannedView]]
    visitor: rx.Var[str]
    draft: rx.Var[DraftView]
    corrected: rx.Var[str]
    answer_hint: rx.Var[str]
    note_hint: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_reply: rx.EventHandler[_replied]
    on_correct: rx.EventHandler[_corrected]
    on_typing: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_drop_draft: rx.EventHandler[rx.event.passthrough_event_spec(int)]


def _answers() -> Any:
    """Return ``mine`` if the operator holds the conversation, ``take`` if answering takes it, else empty."""
    held = head["status"] == Status.ATTENDED.value
    over = (head["status"] == Status.CLOSED.value) & negate(head["last"])
    return rx.cond(head["mine"], "mine", rx.cond(held | over, "", "take"))


def _hint(words: str) -> Any:
    refused = rx.cond(head["status"] == Status.CLOSED.value, t["only_note"], t["only_holder"])
    return rx.cond(_answers() == "", refused, words)


def composer() -> rx.Component:
    """The text field with the canned replies above it, the choice of answer or note, and the button."""
    return ReplyComposer.create(
        _draft(),
        command_icon(icon("close"), t["cancel"], runs="leave about"),
        rx.el.div(_suggest(), _send(), class_name="contents"),
        operator=DeskQueue.own_id,
        conversation_id=head["id"],
        answers=_answers(),
        over=head["status"] == Status.CLOSED.value,
        history=DeskThread.history,
        live=DeskThread.live,
        canned=DeskQueue.canned,
        visitor=DeskThread.visitor["name"],
        draft=DeskThread.draft,
        corrected=DeskThread.corrected,
        answer_hint=_hint(t["reply_hint"]),
        note_hint=_hint(t["note_hint"]),
        words=t,
        on_reply=DeskThread.reply,
        on_correct=DeskThread.correct,
        on_typing=DeskThread.write,
        on_drop_draft=DeskThread.drop_draft,
    )


def _suggest() -> rx.Component:
    drafting = contains(DeskThread.drafting, head["id"])
    return rx.cond(
        _answers() != "",
        button(
            rx.cond(drafting, t["drafting"], t["draft"]),
            on_click=DeskThread.suggest(head["id"]),
            classes="px-3 max-md:px-2 aria-busy:text-(--soft) aria-busy:cursor-progress "
            f"{_NOTE}hidden {_CORRECTS}hidden",
            custom_attrs={"data-suggest": "", "aria-busy": rx.cond(drafting, "true", "false")},
        ),
    )


def _send() -> rx.Component:
    again = head["status"] == Status.CLOSED.value
    take = rx.cond(again, t["resume_and_reply"], t["take_and_reply"])
    return button(
        rx.el.span(
            rx.el.span(rx.cond(_answers() == "take", take, t["send"]), class_name=f"{_NOTE}hidden"),
            rx.el.span(t["add_note"], class_name=f"hidden {_NOTE}inline"),
            class_name=f"{_CORRECTS}hidden",
        ),
        rx.el.span(t["save"], class_name=f"hidden {_CORRECTS}inline"),
        look="brand",
        type="submit",
        classes="px-4 max-md:px-3 ml-auto",
    )


def _draft() -> rx.Component:
    """The assistant's draft, offered beside a composer that has text; an empty one takes it by itself."""
    draft = DeskThread.draft
    return rx.el.div(
        rx.el.div(
            rx.el.b(t["draft_of"], class_name="font-medium text-sm"),
            rx.el.p(
                draft["text"],
                class_name="m-0 text-sm whitespace-pre-line wrap-anywhere max-h-24 overflow-y-auto",
                # A scrolling area must be focusable by keyboard.
                tab_index=0,
            ),
            class_name="flex-1 min-w-0 max-md:basis-full",
        ),
        command_button(t["insert"], classes="px-3", runs="insert draft"),
        icon_button(icon("close"), t["cancel"], on_click=DeskThread.drop_draft(draft["number"])),
        class_name="flex flex-wrap items-center gap-2 mb-2 p-2 pl-3 rounded-xl border border-(--line) bg-(--surface)",
        custom_attrs={"data-draft": draft["number"]},
    )
