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


async def test_only_who_holds_it_reads_it_for_the_visitor(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Смотрит ли кто-нибудь мимо?")
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    await oleg.queue.get_by_role("button").last.click()
    await oleg.button("Взять").click()
    await expect(oleg.button("Завершить")).to_be_visible()
    conversation = await oleg.desk.get_attribute("data-open")
    await anna.page.goto(f"{staffed.url}/desk/?c={conversation}")
    await expect(anna.log.get_by_text("Смотрит ли кто-нибудь мимо?")).to_be_visible()
    await oleg.page.goto("about:blank")

    await one.write("Ау?")
    await expect(anna.log.get_by_text("Ау?")).to_be_visible()
    state = one.log.locator('[data-who="visitor"] [data-state]').last
    await expect(anna.page.locator("[data-message]").last).to_contain_text("Ау?")
    await one.write("Вы где?")
    await expect(anna.log.get_by_text("Вы где?")).to_be_visible()
    await expect(state).to_have_text("отправлено")

    await oleg.page.goto(f"{staffed.url}/desk/?c={conversation}")
    await expect(state).to_have_text("прочитано")
