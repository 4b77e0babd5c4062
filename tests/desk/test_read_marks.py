"""Who has read what: the visitor sees that a person read, the operator that the visitor did."""

from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk


async def test_a_visitor_sees_that_a_person_has_read(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Прочтёт ли кто-нибудь?")
    states = one.log.locator('[data-who="visitor"] [data-state]')
    await expect(states).to_have_text(["отправлено"])

    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await expect(anna.log.get_by_text("Прочтёт ли кто-нибудь?")).to_be_visible()

    await expect(states).to_have_text(["прочитано"])
