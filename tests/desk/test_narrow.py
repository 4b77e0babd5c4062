"""What an operator reads of a conversation fits the screen it is read on."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import DESKTOP, PHONE
from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser

QUESTION = (
    "Можно ли оплатить картой в рассрочку, получить отсрочку платежа или лизинг на плоттер, и когда его доставят?"
)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_card_of_a_conversation_is_not_cut(browser: Browser, staffed: Shop, viewport: dict[str, int]):
    # In a row few words are shown: the size of the window tells the two callers apart.
    question = f"{viewport['width']}: {QUESTION}"
    await caller(browser, staffed, question)
    anna = await desk(browser, staffed, "anna", viewport=viewport)

    await anna.pick(question[:30])
    if viewport is PHONE:
        await anna.card.locator("summary").click()

    facts = anna.card.locator("dl")
    await expect(facts.get_by_text("Что нашлось в базе знаний")).to_be_visible()
    assert await facts.evaluate("(dl) => dl.scrollWidth - dl.clientWidth") == 0
    if viewport is DESKTOP:
        assert await facts.evaluate("(dl) => dl.scrollHeight - dl.clientHeight") == 0
    # What is held is ended before the next test.
    await anna.button("Взять").click()
    await expect(anna.button("Завершить")).to_be_visible()
    anna.watch.check()
