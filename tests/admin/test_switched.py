"""What is saved is what was drawn, though another article, page or person is being opened meanwhile."""

from uuid import UUID

from tests.wire import ROOT, Wire
from vink_chat import knowledge, preferences
from vink_chat.kit.db import Database

KNOWLEDGE = f"{ROOT}.vink_chat___pages___admin___knowledge_state____knowledge_state"
SECTIONS = f"{ROOT}.vink_chat___pages___admin___section_forms____section_forms"


async def test_a_new_article_whose_form_sends_two_events_is_stored_once(shop, session):
    path = "/admin/knowledge?q=Дважды&edit=new"
    form = {"id": "", "question": "Дважды?", "answer": "Один раз", "aliases": "", "url": "", "tags": ""}
    async with Wire(shop.url, cookie=session, path=path) as tab:
        for _ in range(2):
            await tab.call(f"{KNOWLEDGE}.save", {"form": form}, path)
            shown = tab.shown[KNOWLEDGE]
            assert shown["saved"] == "Сохранено"
            assert not shown["refusal"]
            assert shown["form"] == {}

        assert [article["question"] for article in shown["articles"]] == ["Дважды?"]


async def test_an_article_that_is_saved_late_closes_no_other(shop, session):
    database = Database(shop.settings["VINK_DATABASE_URL"])
    async with database.transaction() as tx:
        one, other = [
            str((await knowledge.add(tx, question=f"{word}?", answer=word)).id) for word in ("Позднее", "Раннее")
        ]
    path = "/admin/knowledge?edit="
    async with Wire(shop.url, cookie=session, path=path + one) as tab:
        assert tab.shown[KNOWLEDGE]["form"]["id"] == one
        await tab.call(f"{KNOWLEDGE}.open", {}, path + other)
        # These were pressed before the other one was drawn.
        form = {"id": one, "question": "Позднее?", "answer": "Дописано", "aliases": "", "url": "", "tags": ""}
        await tab.call(f"{KNOWLEDGE}.save", {"form": {**form, "answer": ""}}, path + other)
        refused = tab.shown[KNOWLEDGE]
        assert refused["refusal"]
        assert not refused["wrong"]

        await tab.call(f"{KNOWLEDGE}.save", {"form": form}, path + other)
        await tab.call(f"{KNOWLEDGE}.close", {"article": one}, path + other)

        assert tab.shown[KNOWLEDGE]["form"]["id"] == other
        await tab.call(f"{KNOWLEDGE}.close", {"article": other}, path + other)
        assert tab.shown[KNOWLEDGE]["form"] == {}
    async with database.reading() as tx:
        assert (await knowledge.article(tx, UUID(one))).answer == "Дописано"
        assert (await knowledge.article(tx, UUID(other))).answer == "Раннее"
    await database.close()


async def test_a_section_that_is_sent_late_is_saved_with_what_its_form_began_with(shop, session):
    database = Database(shop.settings["VINK_DATABASE_URL"])
    async with Wire(shop.url, cookie=session, path="/admin/canned") as tab:
        form = {"section": "canned"}
        await tab.call(f"{SECTIONS}.save", {"form": form})
        assert tab.shown[SECTIONS]["saved"]
        await tab.call(f"{SECTIONS}.open", {"page": "canned"})
        # The next page is on its way to the screen.
        await tab.call(f"{SECTIONS}.open", {"page": "questions"}, "/admin/questions")
        row = {
            "canned.replies.shortcut.a": "спс",
            "canned.replies.title.a": "Спасибо",
            "canned.replies.text.a": "Спасибо!",
        }
        await tab.call(f"{SECTIONS}.save", {"form": form | row}, "/admin/questions")

        assert tab.shown[SECTIONS]["refusal"] == ""
    async with database.reading() as tx:
        assert [one.text for one in (await preferences.read(tx, preferences.Canned)).replies] == ["Спасибо!"]
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.Canned())
    await database.close()
