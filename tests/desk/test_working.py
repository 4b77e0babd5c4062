"""A working day at the desk: keys, the card, refusals, who else looks, a phone."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.desk.shop import Shop, caller, desk
from vink_chat.operators import Presence

pytestmark = pytest.mark.browser


async def test_the_keys_do_what_the_help_says(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Клавиши: первый")
    two = await caller(browser, staffed, "Клавиши: второй")
    vera = await desk(browser, staffed, "vera")
    rows = vera.queue.get_by_role("button")
    await expect(rows.nth(1)).to_be_visible()

    await vera.page.keyboard.press("?")
    await expect(vera.page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    await vera.page.keyboard.press("Escape")
    await vera.page.keyboard.press("ArrowDown")
    await expect(rows.first).to_be_focused()
    await vera.page.keyboard.press("ArrowDown")
    await expect(rows.nth(1)).to_be_focused()
    await vera.page.keyboard.press("ArrowUp")
    await expect(rows.first).to_be_focused()
    await vera.page.keyboard.press("Enter")
    await expect(vera.button("Взять")).to_be_visible()
    await vera.page.keyboard.press("c")
    await expect(vera.button("Завершить")).to_be_visible()

    await vera.page.keyboard.press("/")
    await expect(vera.box).to_be_focused()
    await vera.box.press_sequentially("мин")
    await vera.box.press("Enter")
    await expect(vera.box).to_have_value("Одну минуту, уточню и вернусь с ответом.")
    await vera.box.press("Enter")
    await expect(vera.log.get_by_text("Одну минуту, уточню и вернусь с ответом.")).to_be_visible()

    await vera.log.focus()
    await vera.page.keyboard.press("e")
    await expect(vera.log.get_by_text("Чат окончен.")).to_be_visible()
    for each in (vera, one, two):
        each.watch.check()


async def test_the_card_folds_for_who_has_answered(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Что со мной было?")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    facts = anna.card.locator("dl")
    await expect(facts).to_contain_text("нажал кнопку")
    await anna.button("Взять").click()
    await anna.note("Смотрю")
    await expect(facts).to_be_visible()

    await anna.reply("Здравствуйте!")

    await expect(facts).to_be_hidden()
    await anna.card.locator("summary").click()
    await anna.reply("Ещё минуту.")
    await expect(facts).to_be_visible()
    await anna.button("Завершить").click()


async def test_a_refusal_is_put_away(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Отказ убирают")
    oleg, vera = await desk(browser, staffed, "oleg"), await desk(browser, staffed, "vera")
    for each in (vera, oleg):
        await each.queue.get_by_role("button").last.click()
        await expect(each.log.get_by_text("Отказ убирают")).to_be_visible()
    await vera.box.fill("Отвечаю, не взяв")
    await oleg.button("Взять").click()
    await expect(vera.page.get_by_text("у специалиста: Олег")).to_be_visible()
    # What was meant as an answer becomes no note.
    await expect(vera.kind("Ответ")).to_be_checked()
    await vera.box.press("Enter")
    await expect(vera.alert).to_be_visible()
    await expect(vera.box).to_have_value("Отвечаю, не взяв")

    await vera.page.get_by_role("alert").get_by_role("button", name="Закрыть").click()

    await expect(vera.alert).to_have_count(0)
    await vera.box.fill("")
    await oleg.button("Завершить").click()


async def test_a_menu_goes_by_escape(browser: Browser, staffed: Shop):
    anna = await desk(browser, staffed, "anna")
    menu = anna.page.get_by_label("Меню")
    await expect(menu).to_have_attribute("title", "Меню")
    await menu.press("Enter")
    await expect(anna.button("Выйти")).to_be_visible()

    await anna.button("Выйти").press("Escape")

    await expect(anna.button("Выйти")).to_be_hidden()
    await expect(menu).to_be_focused()


async def test_two_see_that_they_look_at_the_same(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Смотрят двое")
    vera, oleg = await desk(browser, staffed, "vera"), await desk(browser, staffed, "oleg")

    await vera.queue.get_by_role("button").last.click()
    await expect(vera.log).to_be_visible()
    await oleg.queue.get_by_role("button").last.click()

    await expect(vera.page.get_by_text("Сейчас смотрят: Олег")).to_be_visible()
    await expect(oleg.page.get_by_text("Сейчас смотрят: Вера")).to_be_visible()
    await vera.button("Взять").click()
    await expect(oleg.box).to_have_attribute("placeholder", "Отвечает коллега; здесь можно оставить заметку")
    await oleg.page.get_by_role("button", name="К очереди").click()
    await expect(vera.page.get_by_text("Сейчас смотрят")).to_have_count(0)


async def test_one_comes_and_goes(browser: Browser, staffed: Shop):
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    await desk(browser, staffed, "vera")
    presence = anna.page.get_by_label("Статус")
    await expect(presence).to_have_value("here")

    await presence.select_option(label="Отошёл")

    await expect(anna.desk).to_have_attribute("data-presence", "away")
    await anna.page.reload()
    await expect(presence).to_have_value("away")
    await expect(oleg.desk).to_have_attribute("data-presence", "here")

    # Who is not there is never the one to whom a conversation goes by itself.
    colleagues = oleg.page.locator("[data-transfer] option")
    await expect(colleagues.last).to_have_text("Анна — Отошёл")
    await expect(colleagues.nth(1)).to_have_text("Вера")


async def test_nobody_is_chosen_for_who_hands_on(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Кому меня передать?")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await anna.button("Взять").click()
    await anna.button("Передать").click()
    dialog = anna.page.get_by_role("dialog", name="Передать")
    to = dialog.get_by_label("Кому передать")
    await expect(to).to_have_value("")

    await dialog.get_by_role("button", name="Передать", exact=True).click()
    await expect(to).to_be_focused()
    await dialog.get_by_label("Пояснение").fill("Нужна скидка")
    await to.select_option(label="Вера")
    await dialog.get_by_role("button", name="Передать", exact=True).click()

    await expect(dialog).to_be_hidden()
    note = anna.log.locator('[data-note="true"]')
    await expect(note).to_contain_text("Заметка · Анна")
    await expect(note).to_contain_text("Нужна скидка")


async def test_the_explanation_for_a_colleague_is_kept_for_its_own_conversation(browser: Browser, staffed: Shop):
    anna = await desk(browser, staffed, "anna")
    for words in ("Передайте первого", "Оставьте второго"):
        await caller(browser, staffed, words)
        await anna.box_of("Ожидают")
        await anna.row(words).last.click()
        await expect(anna.log.get_by_text(words)).to_be_visible()
        await anna.button("Взять").click()
        await expect(anna.button("Завершить")).to_be_visible()
    await anna.box_of("Мои")
    await anna.pick("Передайте первого")
    await expect(anna.log.get_by_text("Передайте первого")).to_be_visible()
    await anna.button("Передать").click()
    dialog = anna.page.get_by_role("dialog", name="Передать")
    # A colleague who is not there any more.
    await dialog.get_by_role("option").last.evaluate("option => { option.value = crypto.randomUUID() }")
    await dialog.get_by_label("Кому передать").select_option(index=1)
    await dialog.get_by_label("Кому передать").evaluate("list => { list.selectedIndex = list.length - 1 }")
    await dialog.get_by_label("Пояснение").fill("Просит скидку")
    await dialog.get_by_role("button", name="Передать", exact=True).click()
    await expect(anna.alert).to_be_visible()

    await anna.button("Передать").click()
    await expect(dialog.get_by_label("Пояснение")).to_have_value("Просит скидку")
    await dialog.get_by_role("button", name="Отмена").click()
    await anna.pick("Оставьте второго")
    await expect(anna.log.get_by_text("Оставьте второго")).to_be_visible()
    await expect(anna.alert).to_have_count(0)
    # Something else is refused meanwhile.
    presence = anna.page.get_by_label("Статус")
    await presence.get_by_role("option").last.evaluate("option => { option.value = 'nowhere' }")
    await presence.select_option("nowhere")
    await expect(anna.alert).to_be_visible()
    await anna.button("Передать").click()

    await expect(dialog.get_by_label("Пояснение")).to_have_value("")


async def test_who_is_not_on_shift_is_told_so_and_begins_it(browser: Browser, shop: Shop):
    await shop.shift(Presence.OFF)
    vera = await desk(browser, shop, "vera")
    await expect(vera.page.get_by_text("Вы не на смене: новые разговоры вам не приходят.")).to_be_visible()
    await assert_accessible(vera.page)

    await vera.button("Начать смену").click()

    await expect(vera.page.get_by_label("Статус")).to_have_value("here")
    await expect(vera.page.get_by_text("Вы не на смене")).to_have_count(0)


async def test_the_desk_works_on_a_phone(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "С телефона")
    vera = await desk(browser, staffed, "vera", viewport=PHONE)
    await expect(vera.log).to_be_hidden()

    await vera.queue.get_by_role("button").last.click()
    await expect(vera.log.get_by_text("С телефона")).to_be_visible()
    await expect(vera.queue).to_be_hidden()
    # The card is one line there, which says what is wished, until more is wanted.
    summary = vera.card.locator("summary")
    await expect(summary).to_have_text("Коротко о разговоре: С телефона")
    await expect(vera.card.locator("dl")).to_be_hidden()
    await summary.click()
    await expect(vera.card.locator("dl")).to_contain_text("нажал кнопку")
    await summary.click()
    await vera.button("Взять").click()
    await vera.reply("Здравствуйте с телефона")
    await vera.button("Посетитель").click()
    column = vera.page.get_by_role("complementary", name="Посетитель")
    await expect(column.get_by_label("Почта")).to_be_visible()
    await column.get_by_role("button", name="Закрыть").click()
    await expect(column).to_be_hidden()
    assert await vera.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await vera.page.get_by_role("button", name="К очереди").click()

    await expect(vera.queue).to_be_visible()
    vera.watch.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_nothing_stands_in_anybodys_way(browser: Browser, staffed: Shop, scheme: str, size: dict[str, int]):
    await caller(browser, staffed, "Доступность")
    vera = await desk(browser, staffed, "vera", viewport=size, color_scheme=scheme)
    await assert_accessible(vera.page)

    await vera.queue.get_by_role("button").last.click()
    await vera.button("Взять").click()
    await vera.note("Заметка для своих")
    await vera.reply("Здравствуйте!")
    await expect(vera.page.get_by_role("button", name=re.compile("Завершить"))).to_be_visible()

    await assert_accessible(vera.page)
    vera.watch.check()
