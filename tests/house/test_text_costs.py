"""No text, however odd, may hold everybody up: what each function of a text costs, at its largest size and half of it.

Processor time is measured, so that a busy machine changes little; the least of three runs counts, or of nine where it
is much: neighbours make a processor slower, and never quicker.
"""

import itertools
import json
import random
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

import pymorphy3
import pytest

from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import check, operator_assist, prompt, smalltalk
from vink_chat.answering.provider import LONGEST_DRAFT, Draft, Outcome, Prompt
from vink_chat.answering.providers import KnowledgeProvider
from vink_chat.channels.telegram import cards
from vink_chat.channels.telegram.inbound import updates
from vink_chat.conversations.search import excerpt, query, terms
from vink_chat.handover import policy, question_in
from vink_chat.kit import excerpts, letters, links
from vink_chat.kit.clock import now
from vink_chat.knowledge import errors, exchange, spelling, validation
from vink_chat.knowledge.entries import Source
from vink_chat.knowledge.imports import demo_articles
from vink_chat.knowledge.index import Index, build
from vink_chat.knowledge.question import understand
from vink_chat.operators import passwords
from vink_chat.operators.policy import LONGEST_PASSWORD
from vink_chat.pages.shared import markup

pytestmark = pytest.mark.long

_MESSAGE = 4000
# A model may be told to write at length, and is cut there.
_DRAFT = LONGEST_DRAFT
_ALLOWED = 0.05
_STEEP = 3.4
_FEW = 3
_dice = random.Random(7)
_DICTIONARY: Any = pymorphy3.MorphAnalyzer(lang="ru").dictionary.words
_WORDS = [
    word for begin in ("пр", "за", "ко", "ма") for word in itertools.islice(_DICTIONARY.iterkeys(begin), 0, 9000, 3)
]


def _gibberish(alphabet: str, longest: int, size: int) -> str:
    words = ("".join(_dice.choice(alphabet) for _ in range(longest)) for _ in range(size // (longest + 1) + 1))
    return " ".join(words)[:size]


def _known_words(size: int) -> str:
    return " ".join(_dice.sample(_WORDS, size // 5))[:size]


# Each kind begins differently at every run: what was read once is remembered.
KINDS: dict[str, Callable[[int], str]] = {
    "blanks": lambda size: " " * (size - 1) + "x",
    "blanks and a bracket": lambda size: ("x" + " " * 50 + "[")[: size // 2] + " " * (size // 2),
    "line breaks": lambda size: "\n" * (size - 1) + "x",
    "brackets": lambda size: "[" * size,
    "closed brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "brackets apart": lambda size: ("[ " * size)[:size],
    "links": lambda size: ("[a](" * size)[:size],
    "angles": lambda size: "<" * size,
    "tags": lambda size: ("<a " * size)[:size],
    "links to mail": lambda size: ("[a](mailto:a@b.cc) " * 290)[:size],
    "links to telephones": lambda size: ("[a](tel:+79001234567) " * 290)[:size],
    "stars": lambda size: "*a " * (size // 3),
    "bold": lambda size: ("**a" * size)[:size],
    "underlines": lambda size: ("_a_ " * size)[:size],
    "as much stress as is read": lambda size: ("_a_ " * 600)[:size] + "b" * (size - 2400),
    "ticks": lambda size: "".join("`" * (number % 60 + 1) + " " for number in range(size))[:size],
    "quotations": lambda size: ">" * size,
    "lists": lambda size: ("- " * size)[:size],
    "table": lambda size: ("|a" * 30 + "\n" + "|-" * 30 + "\n" + ("|b" * 30 + "\n") * size)[:size],
    "addresses": lambda size: ("https://a.b/c?d " * size)[:size],
    "one address": lambda size: ("https://" + "a." * size)[:size],
    "dots": lambda size: "." * size,
    "digits": lambda size: "1" * size,
    "numbers": lambda size: ("1 " * size)[:size],
    "telephones": lambda size: ("+7 (900) 123-45-67 " * size)[:size],
    "one letter": lambda size: "а" * size,
    "hyphens": lambda size: ("а-" * size)[:size],
    "marks": lambda size: "а" + "\u0301" * (size - 1),
    "wide": lambda size: "\ufdfa" * size,
    "mail": lambda size: ("a@" * size)[:size],
    "wrong layout": partial(_gibberish, "ghbdtnrfkl", 7),
    "latin": partial(_gibberish, "cyxj", 19),
    "spelled": partial(_gibberish, "aeiklmnoprst", 8),
    "cyrillic": partial(_gibberish, "абвгдежзиклмнопрст", 8),
    "known words": _known_words,
    "calls": lambda size: ("позовите не " * size)[:size],
    "not": lambda size: ("не бот " * size)[:size],
    "signs for letters": lambda size: ("4@8({[<369!1|70$5+%2" * size)[: size - 1] + "ф",
    "signs for letters on both keyboards": lambda size: ("ф|+4836917052" * size)[:size],
}  # fmt: skip


def _index() -> Index:
    moment = now()
    return build(Source(uuid4(), (one.question, *one.aliases), one.answer, moment) for one in demo_articles())


_KNOWN = _index()
_QUERY = query.parse("заказ 48213 плёнка")


def _search(text: str) -> None:
    effort = spelling.Effort()
    for piece in letters.pieces(text):
        understand(piece, _KNOWN, effort)


def _said(text: str, count: int = 1) -> list[conversations.Message]:
    one = conversations.Message(
        conversation_id=uuid4(), visitor_id=uuid4(), position=1, author=conversations.Author.VISITOR, text=text
    )
    return [one] * count


def _linked(text: str) -> str:
    entities = [{"type": "text_link", "offset": at, "length": 1, "url": "https://vink.ru"} for at in range(100)]
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": {"id": 1}, "text": text}
    read = updates.read({"update_id": 1, "message": message | {"entities": entities}})
    assert read
    assert isinstance(read.event, updates.IncomingMessage)
    return read.event.text


def _shown(text: str) -> list[str]:
    """A conversation whose every field is as long as it can be, on each card that shows it."""
    waiting = conversations.Conversation(
        visitor_id=uuid4(), page=text[:1000], question=text[:200], card={"wish": text[:200]}, waiting_since=now()
    )
    visitor = conversations.Visitor(id=uuid4(), secret_hash="", name=text[:200], phone=text[:40], email=text[:320])
    return [
        cards.invitation(waiting, visitor, "ru"),
        cards.card(waiting, visitor, "ru"),
        cards.topic_name(waiting, "ru"),
        *cards.queue([waiting] * 8, {waiting.visitor_id: text[:200]}, "ru"),
    ]


_RULES = check.Policy(refused_words=("чушь",), secret_texts=("секрет правил " * 30,))
FUNCTIONS: dict[str, tuple[Callable[[str], Any], int]] = {
    "clean": (lambda text: conversations.clean_text(text + "."), _MESSAGE),
    "line": (lambda text: conversations.one_line(text, 1000), _MESSAGE),
    "visible": (conversations.visible, _MESSAGE),
    "preview": (partial(conversations.preview, conversations.Author.ASSISTANT), _DRAFT),
    "terms": (terms.terms, 8000),
    "query": (query.parse, 100),
    "excerpt": (lambda text: excerpt.excerpt(text, _QUERY), _DRAFT),
    "knowledge": (_search, _MESSAGE),
    "fenced": (prompt.without_fence_marks, _MESSAGE),
    "citations": (lambda text: prompt.citations(text, []), _DRAFT),
    "check": (lambda text: check.text_rejection_reason(text, _RULES), _DRAFT),
    "sentences": (check.whole_sentences, _DRAFT),
    "small talk": (smalltalk.reply_to, _MESSAGE),
    "complaint": (smalltalk.complains, _MESSAGE),
    "calling": (policy.wants_person, _MESSAGE),
    "calling words": (lambda text: policy.has_calling_word(text, ("оператор", "жалоба")), _MESSAGE),
    "question": (question_in, _MESSAGE),
    "markdown": (markup.from_markdown, _DRAFT),
    "operator": (markup.from_operator, _MESSAGE),
    "plain": (markup.from_plain, _MESSAGE),
    "autolinked": (links.autolinked, _DRAFT),
    "confined": (lambda text: links.confined(text, lambda _: True), _DRAFT),
    "read": (excerpts.plain, _DRAFT),
    "cut": (lambda text: excerpts.cut(text, 200), _DRAFT),
    "telegram": (cards.split, _DRAFT),
    "password": (lambda text: passwords.is_easy_to_guess(text, text[:64]), LONGEST_PASSWORD),
    "telegram's message": (_linked, 4096),
    "telegram's command": (updates.command, 4096),
    "telegram's note": (updates.parse_note, 4096),
    "telegram's cards": (_shown, 1000),
    "telegram's relay": (
        lambda text: cards.relayed(_said(text)[0], conversations.Conversation(visitor_id=uuid4()), "ru", topic=False),
        _MESSAGE,
    ),
    "telegram's history": (lambda text: cards.history(_said(text, 2000), "ru"), _MESSAGE),
    "telegram's transcript": (
        lambda text: cards.split(cards.earlier(_said(text, 10), conversations.Conversation(visitor_id=uuid4()), "ru")),
        _MESSAGE,
    ),
    "contacts": (lambda text: conversations.VisitorCard.of(text, text, text), 320),
}


def _draft(text: str) -> str:
    """Return a text as every text of a model arrives."""
    return Draft(text, Outcome.PARTIAL).text


def _thread(text: str, messages: int) -> list[conversations.DialogueMessage]:
    authors = itertools.cycle([conversations.Author.VISITOR, conversations.Author.ASSISTANT])
    return [conversations.DialogueMessage(at, next(authors), text[:_MESSAGE]) for at in range(1, messages + 1)]


def _passages(text: str) -> tuple[knowledge.Passage, ...]:
    return tuple(knowledge.Passage(uuid4(), text[:300], text, url="", score=0.9) for _ in range(5))


async def _quoted(text: str) -> None:
    async for draft in KnowledgeProvider().generate(Prompt((), passages=_passages(text))):
        assert draft.text


def _quote(text: str) -> None:
    with suppress(StopIteration):
        _quoted(text).send(None)


def _pair(text: str) -> str:
    return json.dumps({"request": [{"role": "user", "text": text[:500]}], "response": text})


_ASSISTANT = preferences.Assistant()
FUNCTIONS |= {
    "prompt": (
        lambda text: prompt.build(_ASSISTANT, prompt.PromptInput(_thread(text, 100), _passages(text), "ru")),
        _DRAFT,
    ),
    "rules": (lambda text: prompt.answer_policy(_ASSISTANT, _passages(text)), _DRAFT),
    "trusted": (
        lambda text: links.confined(text, prompt.answer_policy(_ASSISTANT, _passages(text)[:1]).trusted.allows),
        _DRAFT,
    ),
    "quotation": (_quote, _DRAFT),
    "card prompt": (lambda text: operator_assist.request(_thread(text, 40)), _MESSAGE),
    "card": (lambda text: operator_assist.parse_summary(_draft(f"ХОЧЕТ: {text}\nПРОБОВАЛИ: {text}")), _DRAFT // 2),
    "card broken off": (lambda text: operator_assist.parse_summary(f"ХОЧЕТ: {text}"), _DRAFT),
    "fields": (
        lambda text: (
            validation.answer(text),
            validation.aliases("\n".join(textwrap.wrap(text, 400)[:50])),
            validation.tags(text[:200]),
            validation.question(text[:500]),
        ),
        validation.MAX_ANSWER,
    ),
    "pairs": (
        lambda text: list(
            exchange.read_lines(f'{{"request":[{{"role":"user","text":"{text[:500]}"}}],"response":"{text}"}}')
        ),
        validation.MAX_ANSWER,
    ),
    "questions": (lambda text: [question_in(text) for _ in range(20)], _MESSAGE),
}


_numbers = itertools.count()


def _spent(function: Callable[[str], Any], made: Callable[[int], str], length: int, size: int) -> float:
    best = 9.0
    for turn in range(9):
        if turn >= _FEW and best < _ALLOWED / 5:
            break
        # A text of its own each time, of words of its own where they are made up: what was read before is remembered.
        given = f"{next(_numbers)}{made(length)}"
        if size == LONGEST_DRAFT:
            given = _draft(given)
        begun = time.thread_time()
        with suppress(conversations.LongMessage, errors.EmptyAnswer, errors.EmptyQuestion):
            function(given)
        best = min(best, time.thread_time() - begun)
    return best


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_text_costs_a_function_more_than_fifty_milliseconds(name: str):
    function, size = FUNCTIONS[name]
    function("Тёплый ход")
    dear: dict[str, tuple[float, float]] = {}
    for kind, made in KINDS.items():
        whole = _spent(function, made, size - 2, size)
        half = _spent(function, made, size // 2 - 2, size) if whole > _ALLOWED / 5 else whole
        # Twice the text may cost twice the time; four times would be too dear at the next larger size.
        if whole > _ALLOWED or whole > half * _STEEP:
            dear[kind] = (round(whole, 3), round(half, 3))

    assert dear == {}
