"""What was pressed in one visitor's thread does nothing in another's, whom the site named meanwhile."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.program import Server
from tests.wire import CHAT, THREAD, Wire
from vink_chat import conversations, handover, operators, preferences
from vink_chat.conversations import Conversation, Reason, Status
from vink_chat.conversations.model import Visitor
from vink_chat.kit.db import Database, Transaction
from vink_chat.operators import Role

SECRET = "a-secret-for-tests-of-32-letters"
SIGNED_BY = "the-sites-own-secret"
INTRODUCE = f"{CHAT}.vink_chat___pages___visitor___embed____visitor_introduction.introduce"


async def _talk(tx: Transaction, secret: str, *, over: bool) -> None:
    made = await conversations.receive(tx, secret, "Вопрос")
    found = await conversations.get(tx, made.conversation_id)
    await handover.request(tx, found, Reason.BUTTON)
    if over:
        await handover.end(tx, found, Reason.FINISHED)


async def _kept(database: Database, secret: str) -> tuple[Conversation, Visitor]:
    async with database.reading() as tx:
        found = await conversations.newest(tx, conversations.visitor_id(secret))
        assert found
        visitor = await tx.session.get(Visitor, found.visitor_id)
        assert visitor
        return found, visitor


async def test_a_press_made_before_the_site_named_somebody_else_is_not_theirs(make_server: Callable[..., Server]):
    server = make_server({"VINK_SECRET": SECRET})
    database = Database(server.settings["VINK_DATABASE_URL"])
    own, theirs = conversations.new_secret(), conversations.signed_secret(SECRET, "user-1")
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.Identity(secret=SIGNED_BY))
        await _talk(tx, own, over=True)
        await _talk(tx, theirs, over=True)
    await server.start()
    signature = hmac.new(SIGNED_BY.encode(), b"user-1", hashlib.sha256).hexdigest()
    stored = {f"{CHAT}.secret_rx_state_": own}
    async with Wire(server.url, stored=stored, path="/embed") as tab:

        async def press(act: str, **more: Any) -> None:
            await tab.call(f"{CHAT}.{act}", more)

        await tab.until(lambda: tab.shown[CHAT].get("status") == Status.CLOSED.value, "the own thread")
        await tab.call(INTRODUCE, {"form": {"number": "2", "user": "user-1", "signature": signature}})
        await press("rate", stars=1, number="")

        await press("leave_comment", form={"text": "Чужой отзыв", "number": ""})

        assert (await _kept(database, theirs))[0].rating is None
        await press("rate", stars=4, number="2")
        await press("leave_comment", form={"text": "Чужой отзыв", "number": ""})
        assert (await _kept(database, theirs))[0].rating_comment == ""
        assert tab.shown[CHAT]["refusal"]["text"].startswith("Пока вы нажимали")

        async with database.transaction() as tx:
            closed = await conversations.get(tx, (await _kept(database, theirs))[0].id)
            await handover.request(tx, closed, Reason.BUTTON)
        await press("leave_contacts", form={"number": "", "name": "Чужой", "phone": "+7 900 000-00-00", "email": ""})

        assert (await _kept(database, theirs))[1].phone == ""
        await press("leave_contacts", form={"number": "2", "name": "Свой", "phone": "+7 900 000-00-01", "email": ""})
        assert (await _kept(database, theirs))[1].phone == "+7 900 000-00-01"
    await database.close()


async def test_a_tab_reports_nothing_as_read_for_whom_it_showed_before(make_server: Callable[..., Server]):
    server = make_server({"VINK_SECRET": SECRET})
    database = Database(server.settings["VINK_DATABASE_URL"])
    own, theirs = conversations.new_secret(), conversations.signed_secret(SECRET, "user-1")
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.Identity(secret=SIGNED_BY))
        await _talk(tx, own, over=True)
        await _talk(tx, theirs, over=True)
    await server.start()
    signature = hmac.new(SIGNED_BY.encode(), b"user-1", hashlib.sha256).hexdigest()
    async with Wire(server.url, stored={f"{CHAT}.secret_rx_state_": own}, path="/embed") as tab:
        await tab.until(lambda: tab.shown[CHAT].get("status") == Status.CLOSED.value, "the own thread")
        await tab.call(INTRODUCE, {"form": {"number": "2", "user": "user-1", "signature": signature}})

        # Both were on their way when the site named somebody else.
        for act in ("write", "see"):
            await tab.call(f"{CHAT}.{act}", {"number": ""})

        assert [(await _kept(database, one))[0].visitor_read for one in (own, theirs)] == [0, 0]
        await tab.until(lambda: tab.shown[CHAT].get("status") == Status.CLOSED.value, "the other thread")
        await tab.call(f"{CHAT}.see", {"number": "2"})
        read = [(await _kept(database, one))[0].visitor_read for one in (own, theirs)]
        assert read[0] == 0
        assert read[1] > 0
    await database.close()


async def test_who_types_is_seen_only_in_the_thread_of_the_visitor_the_tab_shows(make_server: Callable[..., Server]):
    server = make_server({"VINK_SECRET": SECRET})
    database = Database(server.settings["VINK_DATABASE_URL"])
    own, theirs = conversations.new_secret(), conversations.signed_secret(SECRET, "user-1")
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.Identity(secret=SIGNED_BY))
    operator, session = await _operator(database)
    rooms = [await _attended(database, secret, operator) for secret in (own, theirs)]
    await server.start()
    signature = hmac.new(SIGNED_BY.encode(), b"user-1", hashlib.sha256).hexdigest()
    stored = {f"{CHAT}.secret_rx_state_": own}
    async with (
        Wire(server.url, cookie=session, path="/desk") as of_own,
        Wire(server.url, cookie=session, path="/desk") as of_theirs,
        Wire(server.url, stored=stored, path="/embed") as tab,
    ):
        for desk, room in zip((of_own, of_theirs), rooms, strict=True):
            await desk.call(f"{THREAD}.open", {"conversation_id": room})
            await desk.until(lambda desk=desk, room=room: desk.shown[THREAD]["head"]["id"] == room, "the conversation")
        await tab.until(lambda: tab.shown[CHAT].get("status") == Status.ATTENDED.value, "the own thread")
        await tab.call(INTRODUCE, {"form": {"number": "2", "user": "user-1", "signature": signature}})
        await tab.until(lambda: tab.shown[CHAT].get("status") == Status.ATTENDED.value, "the other thread")

        # The first was on its way when the site named somebody else.
        await tab.call(f"{CHAT}.write", {"number": ""})
        await of_theirs.settle()
        assert not of_theirs.shown[THREAD].get("typing")
        await tab.call(f"{CHAT}.write", {"number": "2"})

        await of_theirs.until(lambda: of_theirs.shown[THREAD].get("typing"), "the visitor whom the tab shows")
        await of_own.settle()
        assert not of_own.shown[THREAD].get("typing")

        await of_own.call(f"{THREAD}.write", {"conversation_id": rooms[0]})
        await tab.settle()
        assert not tab.shown[CHAT].get("typing")
        await of_theirs.call(f"{THREAD}.write", {"conversation_id": rooms[1]})
        await tab.until(lambda: tab.shown[CHAT].get("typing"), "the operator of the visitor whom the tab shows")
    await database.close()


async def _operator(database: Database) -> tuple[UUID, str]:
    """Return an operator and the token of their session."""
    async with database.transaction() as tx:
        token = await operators.invite(tx, "Анна", Role.OPERATOR)
    view = await operators.accept(database.transaction, token, "anna", "correct-horse-battery")
    assert view
    return view.id, await operators.sign_in(database.transaction, "anna", "correct-horse-battery")


async def _attended(database: Database, secret: str, operator: UUID) -> str:
    async with database.transaction() as tx:
        made = await conversations.receive(tx, secret, "Вопрос")
        await tx.flush()
        await handover.claim(tx, made.conversation_id, operator, "Анна")
        return str(made.conversation_id)
