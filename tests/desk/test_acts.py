"""An act reaches the conversation that was on the screen when it was pressed, whatever is being opened meanwhile."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.desk.shop import NAMES, Shop
from tests.program import Server, end
from tests.wire import CHAT, THREAD, Wire
from vink_chat import conversations, handover, preferences
from vink_chat.conversations import Reason, Status
from vink_chat.kit.db import Database, Transaction

KINDS = ("assisted", "waiting", "mine", "theirs", "closed")
_ANYBODY = {"note", "describe", "correct note"}
# What an operator may do to a conversation of each kind; whatever else is pressed must be refused.
ALLOWED = {
    "assisted": _ANYBODY | {"claim", "take over", "resume", "take and reply", "see"},
    "waiting": _ANYBODY | {"claim", "take over", "resume", "take and reply", "see"},
    "mine": _ANYBODY | {"reply", "take and reply", "release", "give_back", "finish", "transfer", "see", "correct"},
    # Its holder has no desk open.
    "theirs": _ANYBODY | {"take over"},
    "closed": _ANYBODY | {"resume", "take and reply", "see"},
}
# These have nothing to say when they do nothing; and who holds a conversation may take it again.
_SILENT = {"write", "see", "forget ending", "suggest"}
_SILENT_ON_MINE = {"claim", "take over", "resume", "keep open"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of its own: the queue grows longer here than the other tests can see over."""
    made = Shop(Server(tmp_path_factory.mktemp("acts")))
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, made.hire()).result()
        thread.submit(asyncio.run, _be_patient(made)).result()
    made.server.start_now()
    yield made
    end([made.server])


async def _be_patient(shop: Shop) -> None:
    """Let those without a desk keep what they hold for as long as the tests take."""
    async with _shop_database(shop) as database, database.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Handover, seconds_until_away=600))


def _words(text: str, kind: str, quote: str = "") -> dict[str, Any]:
    """Return what the composer sends beside the conversation."""
    return {"text": text, "kind": kind, "client_id": uuid4().hex, "quote": quote}


def _acts(shop: Shop) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name each act with its handler and what it takes beside the conversation."""

    return {
        "reply": ("reply", _words("Только для A", "answer")),
        "take and reply": ("reply", _words("Беру A", "take")),
        "note": ("reply", _words("Заметка про A", "note")),
        "no kind": ("reply", _words("Неизвестно, кому", "")),
        "claim": ("claim", {}),
        "take over": ("take_over", {"holder": str(shop.ids["anna"])}),
        "resume": ("resume", {}),
        "release": ("release", {}),
        "give_back": ("give_back", {}),
        "finish": ("finish", {"position": 999}),
        "finish unseen": ("finish", {"position": 0}),
        "keep open": ("keep_open", {}),
        "forget ending": ("forget_ending", {}),
        "transfer": ("transfer", {"form": {"to": str(shop.ids["vera"]), "note": "Возьми A"}}),
        "describe": ("describe", {"field": "name", "text": "Имя A"}),
        "correct": ("correct", {"message_id": "answer", "kind": "answer", "text": "Исправлено в A"}),
        "correct note": ("correct", {"message_id": "note", "kind": "note", "text": "Заметка про A, исправлено"}),
        "hide": ("correct", {"message_id": "answer", "kind": "note", "text": "Этого A не говорили"}),
        "correct elsewhere": ("correct", {"message_id": "note elsewhere", "kind": "note", "text": "Не сюда"}),
        "see": ("see", {"position": 999}),
        "suggest": ("suggest", {}),
        "write": ("write", {}),
    }


@asynccontextmanager
async def _shop_database(shop: Shop) -> AsyncIterator[Database]:
    database = Database(shop.database_url)
    yield database
    await database.close()


async def _conversation(tx: Transaction, shop: Shop, kind: str) -> UUID:
    """Make a conversation of a kind, as Олег sees it."""
    secret = conversations.new_secret()
    made = await conversations.receive(tx, secret, f"Вопрос: {kind}")
    found = await conversations.get(tx, made.conversation_id)
    # The assistant is not to answer in the middle of a test.
    found.answered_position = found.asked_position
    if kind != "assisted":
        await handover.request(tx, found, Reason.BUTTON)
    if kind in {"mine", "theirs", "closed"}:
        login = "oleg" if kind == "mine" else "anna"
        await tx.flush()
        await handover.claim(tx, found.id, shop.ids[login], NAMES[login])
    await tx.flush()
    if kind in {"mine", "closed"}:
        login = "oleg" if kind == "mine" else "anna"
        await conversations.reply(tx, found.id, shop.ids[login], NAMES[login], "Отвечаю A")
    await conversations.reply(tx, found.id, shop.ids["oleg"], "Олег", "Заметка", note=True)
    if kind == "closed":
        await handover.finish(tx, found.id, shop.ids["anna"])
    return found.id


async def _conversations(shop: Shop, *kinds: str) -> list[UUID]:
    """Make several, each for itself: the program writes in between."""
    made = []
    async with _shop_database(shop) as database:
        for kind in kinds:
            async with database.transaction() as tx:
                made.append(await _conversation(tx, shop, kind))
    return made


def _written(shop: Shop, conversation: UUID, *, note: bool) -> str:
    """Return the id of what an operator wrote last in a conversation; of nothing where they did not."""
    with sqlite3.connect(shop.database_url.removeprefix("sqlite:///"), timeout=30) as connection:
        found = connection.execute(
            "select id from message where conversation_id = ? and author = 'operator' and note = ? "
            "order by position desc limit 1",
            (conversation.hex, note),
        ).fetchone()
    connection.close()
    return found[0] if found else uuid4().hex


def _meant(shop: Shop, more: dict[str, Any], drawn: UUID, other: UUID) -> dict[str, Any]:
    """Put the id of a message where an act names one: what is drawn has an answer and a note, and so has the other."""
    if "message_id" not in more:
        return more
    where = other if more["message_id"].endswith("elsewhere") else drawn
    return more | {"message_id": _written(shop, where, note=more["message_id"].startswith("note"))}


def _rows(shop: Shop, conversation: UUID) -> list[Any]:
    """Read everything that is stored of a conversation."""
    with sqlite3.connect(shop.database_url.removeprefix("sqlite:///"), timeout=30) as connection:
        key = (conversation.hex,)
        found = connection.execute("select * from conversation where id = ?", key).fetchall()
        found += connection.execute("select * from message where conversation_id = ? order by position", key).fetchall()
        found += connection.execute(
            "select * from visitor where id = (select visitor_id from conversation where id = ?)", key
        ).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("other", KINDS)
@pytest.mark.parametrize("drawn", KINDS)
async def test_an_act_reaches_what_was_drawn_and_never_what_is_being_opened(staffed: Shop, drawn: str, other: str):
    acts = _acts(staffed)
    next_one, *made = await _conversations(staffed, other, *[drawn] * len(acts))
    screens = dict(zip(acts, made, strict=True))
    before = _rows(staffed, next_one)
    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as tab:
        # Whatever the server answers to the second is still on its way when the keys are pressed.
        for conversation in (screens["reply"], next_one):
            await tab.call(f"{THREAD}.open", {"conversation_id": str(conversation)})
        for act, (handler, more) in acts.items():
            screen = screens[act]
            named = _meant(staffed, more, screen, next_one)
            was, refused = _rows(staffed, screen), tab.shown[THREAD].get("refusal_number", 0)

            await tab.call(f"{THREAD}.{handler}", {"conversation_id": str(screen), **named})

            assert _rows(staffed, next_one) == before, act
            assert (_rows(staffed, screen) != was) is (act in ALLOWED[drawn]), act
            silent = _SILENT | (_SILENT_ON_MINE if drawn == "mine" else set())
            if act not in ALLOWED[drawn] | silent:
                assert tab.shown[THREAD]["refusal_number"] > refused, act
                # Another one is on its way to the screen: the sentence says whose this was.
                assert tab.shown[THREAD]["refusal"].startswith("Посетитель "), act


async def test_an_answer_that_comes_again_after_the_end_takes_nothing_up(staffed: Shop):
    [closed] = await _conversations(staffed, "closed")
    words = _words("Беру", "take")
    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as tab:
        await tab.call(f"{THREAD}.reply", {"conversation_id": str(closed), **words})
        async with _shop_database(staffed) as database, database.transaction() as tx:
            assert (await conversations.get(tx, closed)).status is Status.ATTENDED
            await handover.finish(tx, closed, staffed.ids["oleg"])
        ended = _rows(staffed, closed)

        await tab.call(f"{THREAD}.reply", {"conversation_id": str(closed), **words})

    assert _rows(staffed, closed) == ended


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_the_line_holds_back_an_act_changes_nothing_but_what_was_drawn(staffed: Shop, seed: int):
    """Rows are clicked, acts are pressed and the line delivers, in any order."""
    chance, acts = random.Random(seed), _acts(staffed)
    ids = await _conversations(staffed, *KINDS)
    drawn = opened = ids[0]
    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as tab:
        await tab.call(f"{THREAD}.open", {"conversation_id": str(opened)})
        for _ in range(22):
            match chance.choice(["click", "deliver", "press", "press"]):
                case "click":
                    opened = chance.choice(ids)
                    await tab.call(f"{THREAD}.open", {"conversation_id": str(opened)})
                case "deliver":
                    drawn = opened
                case _:
                    handler, more = chance.choice([*acts.values()])
                    more = _meant(staffed, more, drawn, opened)
                    before = {one: _rows(staffed, one) for one in ids if one != drawn}
                    await tab.call(f"{THREAD}.{handler}", {"conversation_id": str(drawn), **more})
                    assert {one: _rows(staffed, one) for one in before} == before, handler


async def test_who_is_seen_writing_is_seen_by_the_visitor_the_words_are_for(staffed: Shop):
    secrets = [conversations.new_secret() for _ in range(2)]
    async with _shop_database(staffed) as database, database.transaction() as tx:
        ids = []
        for secret in secrets:
            made = await conversations.receive(tx, secret, "Кому пишут?")
            await tx.flush()
            await handover.claim(tx, made.conversation_id, staffed.ids["oleg"], "Олег")
            ids.append(str(made.conversation_id))
    stored = [{f"{CHAT}.secret_rx_state_": secret} for secret in secrets]
    async with (
        Wire(staffed.url, stored=stored[0]) as one,
        Wire(staffed.url, stored=stored[1]) as two,
        Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as oleg,
    ):
        await oleg.call(f"{THREAD}.open", {"conversation_id": ids[0]})
        await oleg.call(f"{THREAD}.open", {"conversation_id": ids[1]})
        await oleg.call(f"{THREAD}.write", {"conversation_id": ids[0]})

        await one.until(lambda: one.shown[CHAT]["typing"], "the visitor sees who writes")
        await two.settle()
        assert not two.shown[CHAT].get("typing")


async def test_earlier_messages_are_not_put_above_another_conversation(staffed: Shop):
    async with _shop_database(staffed) as database, database.transaction() as tx:
        long, short = [await _conversation(tx, staffed, "mine") for _ in range(2)]
        for number in range(120):
            await conversations.reply(tx, long, staffed.ids["oleg"], "Олег", f"Длинное {number}")
    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as oleg:
        await oleg.call(f"{THREAD}.open", {"conversation_id": str(long)})
        await oleg.until(lambda: oleg.shown[THREAD]["more"], "a long conversation")
        await oleg.call(f"{THREAD}.open", {"conversation_id": str(short)})
        await oleg.call(f"{THREAD}.show_earlier", {"conversation_id": str(long)})
        await oleg.until(lambda: oleg.shown[THREAD]["head"]["id"] == str(short), "the short one")

        await oleg.settle()
        assert "Длинное" not in str(oleg.shown[THREAD]["history"])


async def test_an_answer_quotes_only_what_the_visitor_sees_in_the_same_conversation(staffed: Shop):
    drawn, other = await _conversations(staffed, "mine", "mine")
    claims = {
        "Своё": _written(staffed, drawn, note=False),
        "Заметка": _written(staffed, drawn, note=True),
        "Чужое": _written(staffed, other, note=False),
    }
    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as oleg:
        await oleg.call(f"{THREAD}.open", {"conversation_id": str(drawn)})
        for text, quote in claims.items():
            words = _words(text, "answer", quote)
            await oleg.call(f"{THREAD}.reply", {"conversation_id": str(drawn), **words})
        bad = _words("Ничьё", "answer", "нет такого")
        await oleg.call(f"{THREAD}.reply", {"conversation_id": str(drawn), **bad})

    async with _shop_database(staffed) as database, database.reading() as tx:
        said = await conversations.conversation_messages(tx, drawn)
    assert {one.text: one.quote for one in said if one.text in {*claims, "Ничьё"}} == {
        "Своё": "Отвечаю A",
        "Заметка": "",
        "Чужое": "",
    }


async def test_what_a_visitor_wrote_beside_the_stars_stands_above_the_conversation(staffed: Shop):
    secret = conversations.new_secret()
    async with _shop_database(staffed) as database, database.transaction() as tx:
        made = await conversations.receive(tx, secret, "Спасибо за помощь")
        await tx.flush()
        await handover.claim(tx, made.conversation_id, staffed.ids["oleg"], "Олег")
        await handover.finish(tx, made.conversation_id, staffed.ids["oleg"])
        await tx.flush()
        await handover.rate(tx, conversations.visitor_id(secret), 4)
        await handover.comment(tx, conversations.visitor_id(secret), "Быстро,\nно сухо")
    room = str(made.conversation_id)
    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as oleg:
        await oleg.call(f"{THREAD}.open", {"conversation_id": room})
        await oleg.until(lambda: oleg.shown[THREAD]["head"]["id"] == room, "the conversation that is over")

        assert (oleg.shown[THREAD]["head"]["rating"], oleg.shown[THREAD]["head"]["comment"]) == (4, "Быстро,\nно сухо")
