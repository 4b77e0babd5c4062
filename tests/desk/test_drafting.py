"""The assistant's draft comes into the composer, and never over what somebody is writing."""

from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from tests.browser import assert_accessible
from tests.desk.shop import Desk, Shop, caller, desk
from tests.wire import THREAD, Wire

pytestmark = pytest.mark.browser

KNOWN = "Есть ли минимальная сумма заказа?"
# The model says nothing, and after four seconds the knowledge answers: time to do something meanwhile.
SLOW = f"{KNOWN} #silence-early"


async def _taken(browser: Browser, shop: Shop, words: str) -> tuple[Desk, str]:
    """Let Анна take a visitor who has just called; returns her desk and the conversation."""
    await caller(browser, shop, words)
    anna = await desk(browser, shop, "anna")
    await anna.row(words).last.click()
    await anna.button("Взять").click()
    await expect(anna.button("Завершить")).to_be_visible()
    return anna, await anna.desk.get_attribute("data-open") or ""


async def test_the_draft_stands_in_an_empty_composer_to_be_read_and_sent(browser: Browser, staffed: Shop):
    anna, _ = await _taken(browser, staffed, SLOW)

    await anna.button("Черновик").click()
    busy = anna.page.locator("[data-suggest]")
    await expect(busy).to_have_text("Пишет…")
    await expect(busy).to_have_attribute("aria-busy", "true")
    # A second press changes nothing.
    await busy.click()

    await expect(anna.box).not_to_have_value("", timeout=20_000)
    drafted = await anna.box.input_value()
    assert "минимальн" in drafted.lower()
    await expect(anna.box).to_be_focused()
    await expect(anna.page.locator("[data-draft]")).to_have_count(0)
    await expect(anna.button("Черновик")).to_be_visible()
    await expect(anna.desk).to_have_attribute("data-drafts", "1")
    await anna.box.press("Enter")
    await expect(anna.log.locator('[data-who="operator"]')).to_have_count(1)
    anna.watch.check()


async def test_a_draft_that_comes_while_somebody_writes_is_offered_beside_it(browser: Browser, staffed: Shop):
    anna, _ = await _taken(browser, staffed, SLOW)

    await anna.button("Черновик").click()
    await anna.box.fill("Здравствуйте!")

    offer = anna.page.locator("[data-draft]")
    await expect(offer).to_contain_text("Черновик ассистента", timeout=20_000)
    await expect(anna.box).to_have_value("Здравствуйте!")
    await assert_accessible(anna.page)
    await offer.get_by_role("button", name="Вставить").click()
    value = await anna.box.input_value()
    assert value.startswith("Здравствуйте!\n\n")
    assert "минимальн" in value.lower()
    await expect(offer).to_have_count(0)
    await expect(anna.box).to_be_focused()


async def test_a_draft_waits_where_it_was_asked_for(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Другой спрашивает")
    anna, asked = await _taken(browser, staffed, SLOW)

    await anna.button("Черновик").click()
    await expect(anna.page.locator("[data-suggest]")).to_have_attribute("aria-busy", "true")
    await anna.box_of("Все")
    await anna.row("Другой спрашивает").last.click()
    await expect(anna.log.get_by_text("Другой спрашивает").first).to_be_visible()
    await expect(anna.desk).to_have_attribute("data-drafts", "1", timeout=20_000)

    await expect(anna.box).to_have_value("")
    await expect(anna.page.locator("[data-draft]")).to_have_count(0)
    await anna.page.locator(f'[data-row="{asked}"]').click()
    offer = anna.page.locator("[data-draft]")
    await expect(offer).to_be_visible()
    await expect(anna.box).to_have_value("")
    await offer.get_by_role("button", name="Отмена").click()
    await expect(offer).to_have_count(0)


async def test_no_draft_is_said_in_a_sentence(browser: Browser, staffed: Shop):
    anna, _ = await _taken(browser, staffed, "Расскажите о себе #refusal")

    await anna.button("Черновик").click()

    await expect(anna.alert).to_contain_text("У ассистента нет черновика для этого разговора.")
    await expect(anna.box).to_have_value("")
    await expect(anna.button("Черновик")).to_be_visible()


async def test_a_draft_is_not_given_to_who_may_not_answer(browser: Browser, staffed: Shop):
    anna, asked = await _taken(browser, staffed, KNOWN)

    async with Wire(staffed.url, cookie=staffed.cookies["oleg"], path="/desk") as oleg:
        await oleg.call(f"{THREAD}.open", {"conversation_id": asked})
        await oleg.call(f"{THREAD}.suggest", {"conversation_id": asked})
        await oleg.until(lambda: oleg.shown[THREAD].get("refusal"), "a refusal")

        assert oleg.shown[THREAD]["refusal"] == "Этот разговор сейчас ведёте не вы."
        await oleg.call(f"{THREAD}.suggest", {"conversation_id": str(uuid4())})
        await oleg.until(lambda: oleg.shown[THREAD]["refusal_number"] == 2, "a refusal")
        assert oleg.shown[THREAD].get("draft", {}).get("text", "") == ""
    anna.watch.check()
