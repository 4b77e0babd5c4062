"""What a visitor's browser is sent while operators work on the same conversation."""

from uuid import uuid4

from tests.desk.shop import Shop
from tests.wire import CHAT, QUEUE, THREAD, Wire
from vink_chat.conversations import new_secret, visitor_id

QUEUED = {f"{CHAT}.zone_rx_state_": "Europe/Moscow"}


async def test_a_visitor_is_sent_no_note_no_hash_and_nobody_elses_words(staffed: Shop):
    mine, theirs = new_secret(), new_secret()
    cookie = staffed.cookies["anna"]
    async with (
        Wire(staffed.url, stored=QUEUED | {f"{CHAT}.secret_rx_state_": mine}) as visitor,
        Wire(staffed.url, stored=QUEUED | {f"{CHAT}.secret_rx_state_": theirs}) as stranger,
        Wire(staffed.url, cookie=cookie, path="/desk") as anna,
    ):
        for tab, words in ((visitor, "Мой вопрос"), (stranger, "ЧУЖИЕ-СЛОВА")):
            await tab.call(f"{CHAT}.send", {"form": {"text": words, "client_id": uuid4().hex}})
            await tab.call(f"{CHAT}.call_operator", {})
        await anna.until(lambda: _rows(anna, mine), "the visitor in the queue")
        await anna.call(f"{THREAD}.open", {"conversation_id": _rows(anna, mine)[0]})
        await anna.until(lambda: anna.shown[THREAD]["head"]["id"] == _rows(anna, mine)[0], "the open conversation")
        here = {"conversation_id": anna.shown[THREAD]["head"]["id"]}
        await anna.call(f"{THREAD}.claim", here)
        for text, kind in (("ТАЙНАЯ-ЗАМЕТКА", "note"), ("Здравствуйте!", "answer")):
            words = {"text": text, "kind": kind, "client_id": uuid4().hex, "quote": ""}
            await anna.call(f"{THREAD}.reply", {**here, **words})
        for name, value in {"name": "ТАЙНОЕ-ИМЯ", "email": "secret@example.com"}.items():
            await anna.call(f"{THREAD}.describe", {**here, "field": name, "text": value})
        form = {"to": str(staffed.ids["oleg"]), "note": "ТАЙНОЕ-ПОЯСНЕНИЕ"}
        await anna.call(f"{THREAD}.transfer", {**here, "form": form})
        await visitor.until(lambda: "продолжит специалист: Олег" in str(visitor.shown[CHAT]), "the transfer")
        await visitor.settle()

        frames, seen = visitor.text, stranger.text

    assert "Здравствуйте!" in frames
    for secret in (
        "ТАЙН", "ЧУЖИЕ", "secret@example.com", "$argon2", theirs, visitor_id(theirs).hex, visitor_id(mine).hex,
        *staffed.cookies.values(), *(str(one) for one in staffed.ids.values()),
    ):  # fmt: skip
        assert secret not in frames, secret
    assert "Мой вопрос" not in seen


async def test_a_visitor_who_writes_is_seen_to_write_whatever_else_is_read_meanwhile(staffed: Shop):
    secret = new_secret()
    async with (
        Wire(staffed.url, stored=QUEUED | {f"{CHAT}.secret_rx_state_": secret}) as visitor,
        Wire(staffed.url, cookie=staffed.cookies["anna"], path="/desk") as anna,
    ):
        await visitor.call(f"{CHAT}.send", {"form": {"text": "Вопрос", "client_id": uuid4().hex}})
        await visitor.call(f"{CHAT}.call_operator", {})
        await anna.until(lambda: _rows(anna, secret), "the visitor in the queue")
        await anna.call(f"{THREAD}.open", {"conversation_id": _rows(anna, secret)[0]})
        await anna.until(lambda: anna.shown[THREAD]["head"]["id"] == _rows(anna, secret)[0], "the open conversation")
        here = {"conversation_id": anna.shown[THREAD]["head"]["id"]}
        await anna.call(f"{THREAD}.claim", here)
        words = {"text": "Слушаю", "kind": "answer", "client_id": uuid4().hex, "quote": ""}
        await anna.call(f"{THREAD}.reply", {**here, **words})
        await visitor.until(lambda: "Слушаю" in str(visitor.shown[CHAT]), "the answer")

        await visitor.call(f"{CHAT}.write", {})
        await anna.until(lambda: anna.shown[THREAD]["typing"], "the visitor who writes")
        read = anna.shown[THREAD]["read"]
        await visitor.call(f"{CHAT}.see", {})
        await anna.until(lambda: anna.shown[THREAD]["read"] > read, "that the visitor has read")

        assert anna.shown[THREAD]["typing"]
        await anna.until(lambda: not anna.shown[THREAD]["typing"], "the end of the writing")


def _rows(desk: Wire, secret: str) -> list[str]:
    """Return the ids of a visitor's rows in the queue."""
    shown = desk.shown.get(QUEUE, {})
    rows = {**shown.get("base", {}), **shown.get("fresh", {})}
    number = f"Посетитель {visitor_id(secret).hex[:5]}"
    return [row["id"] for row in rows.values() if row["name"] == number]
