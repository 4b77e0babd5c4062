"""A working day at the desk: keys, drafts, canned replies, search, who else looks, a phone."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.desk.shop import Shop, caller, desk
from vink_chat import conversations
from vink_chat.kit.db import Database
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


async def test_each_conversation_keeps_its_own_draft(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Черновик: первый")
    await caller(browser, staffed, "Черновик: второй")
    vera = await desk(browser, staffed, "vera")
    first, second = vera.queue.get_by_role("button").nth(-2), vera.queue.get_by_role("button").last

    await first.click()
    await expect(vera.log.get_by_text("Черновик: первый")).to_be_visible()
    await vera.box.fill("Ответ первому")
    await second.click()
    await expect(vera.log.get_by_text("Черновик: второй")).to_be_visible()
    await expect(vera.box).to_have_value("")
    await vera.box.fill("Ответ второму")
    await first.click()

    await expect(vera.box).to_have_value("Ответ первому")
    await vera.page.reload()
    await expect(vera.log.get_by_text("Черновик: первый")).to_be_visible()
    await expect(vera.box).to_have_value("Ответ первому")


async def test_the_draft_of_a_note_comes_back_as_a_note(browser: Browser, staffed: Shop):
    anna = await caller(browser, staffed, "Черновик заметки: первый")
    await caller(browser, staffed, "Черновик заметки: второй")
    vera = await desk(browser, staffed, "vera")
    waiting = vera.queue.get_by_role("button")
    await expect(waiting.nth(1)).to_be_visible()
    first, second = [
        vera.page.locator(f'[data-row="{await waiting.nth(at).get_attribute("data-row")}"]') for at in (-2, -1)
    ]
    note = vera.kind("Заметка")
    await vera.box_of("Все")
    await first.click()
    await vera.button("Взять").click()
    await vera.write_as("Заметка")
    await vera.box.fill("Посетитель сердится")

    await second.click()
    await expect(vera.box).to_have_value("")
    await expect(note).not_to_be_checked()
    await first.click()
    await expect(vera.box).to_have_value("Посетитель сердится")
    await vera.page.reload()
    await expect(vera.box).to_have_value("Посетитель сердится")
    await expect(note).to_be_checked()
    await vera.box.press("Enter")

    await expect(vera.log.get_by_text("Посетитель сердится")).to_be_visible()
    await expect(vera.box).to_have_value("")
    await anna.page.reload()
    await expect(anna.log.get_by_text("Черновик заметки: первый")).to_be_visible()
    await expect(anna.log.get_by_text("Посетитель сердится")).to_have_count(0)
    await vera.button("Завершить").click()


async def test_a_note_is_never_sent_as_an_answer_nor_an_answer_as_a_note(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Кому пишут?")
    oleg, vera = await desk(browser, staffed, "oleg"), await desk(browser, staffed, "vera")
    for each in (vera, oleg):
        await each.queue.get_by_role("button").last.click()
        await expect(each.log.get_by_text("Кому пишут?")).to_be_visible()

    # A note before anybody has taken it: the next words are an answer again, and say so.
    await expect(vera.button("Взять и ответить")).to_be_visible()
    await vera.write_as("Заметка")
    await expect(vera.box).to_be_focused()
    await expect(vera.box).to_have_attribute("placeholder", "Посетитель этого не увидит")
    await expect(vera.button("Добавить заметку")).to_be_visible()
    await expect(vera.button("Взять и ответить")).to_be_hidden()
    await vera.box.fill("Знаю его")
    await vera.box.press("Enter")
    await expect(vera.log.locator('[data-note="true"]').filter(has_text="Знаю его")).to_be_visible()
    await expect(vera.kind("Ответ")).to_be_checked()

    # Taken while «Заметка» was chosen: what is typed then is an answer.
    await vera.write_as("Заметка")
    await vera.button("Взять").click()
    await expect(vera.kind("Ответ")).to_be_checked()
    await expect(vera.box).to_have_attribute("placeholder", "Ответ посетителю")
    await expect(vera.button("Отправить")).to_be_visible()

    # A canned reply is an answer, too.
    await vera.write_as("Заметка")
    await vera.box.fill("/мин")
    await vera.box.press("Enter")
    await expect(vera.kind("Ответ")).to_be_checked()
    await vera.box.press("Enter")
    await expect(one.log.get_by_text("Одну минуту, уточню")).to_be_visible()
    await vera.note("Заметка для Олега")
    await expect(vera.kind("Ответ")).to_be_checked()

    # Who looks on may only leave a note; who is handed the conversation answers.
    await expect(oleg.kind("Заметка")).to_be_checked()
    await vera.give("Олег", "")
    await expect(oleg.button("Завершить")).to_be_visible()
    await expect(oleg.kind("Ответ")).to_be_checked()
    await expect(vera.kind("Заметка")).to_be_checked()
    await oleg.reply("Это Олег.")
    await expect(one.log.get_by_text("Это Олег.")).to_be_visible()
    for words in ("Знаю его", "Заметка для Олега"):
        await expect(one.log.get_by_text(words)).to_have_count(0)
    await oleg.button("Завершить").click()
    for each in (one, oleg, vera):
        each.watch.check()


async def test_writing_into_a_waiting_conversation_takes_it(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Отвечайте сразу")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    await expect(vera.log.get_by_text("Отвечайте сразу")).to_be_visible()

    await vera.box.fill("Сразу и отвечаю")
    await vera.button("Взять и ответить").click()

    await expect(one.log.get_by_text("Сразу и отвечаю")).to_be_visible()
    await expect(one.log.get_by_text("К разговору подключился специалист: Вера.")).to_be_visible()
    await expect(vera.button("Завершить")).to_be_visible()
    await expect(vera.box).to_have_value("")
    # The keys work again once the composer is left.
    await vera.box.press("Escape")
    await expect(vera.box).not_to_be_focused()
    await vera.page.keyboard.press("?")
    await expect(vera.page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    await vera.page.keyboard.press("Escape")
    await vera.button("Завершить").click()
    await expect(vera.button("Взять снова и ответить")).to_be_visible()


async def test_canned_replies_are_chosen_by_keys_on_a_russian_keyboard(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Шаблоны: стрелки")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    await vera.button("Взять").click()
    await expect(vera.button("Завершить")).to_be_visible()
    offered = vera.page.get_by_role("list", name="Шаблоны").get_by_role("button")

    await vera.log.focus()
    # The key of the slash, as a Russian keyboard reports it.
    await vera.log.dispatch_event("keydown", {"key": ".", "code": "Slash", "bubbles": True})
    await expect(vera.box).to_be_focused()
    await vera.box.fill(".")
    await expect(offered.nth(1)).to_be_visible()
    await vera.box.press("ArrowDown")
    text = await offered.nth(1).locator("span").last.text_content()
    await vera.box.press("Enter")

    assert text
    await expect(vera.box).to_have_value(text)
    await vera.box.fill("... сейчас")
    await expect(offered).to_have_count(0)
    await vera.button("Завершить").click()


async def test_the_last_message_stays_in_sight_while_the_composer_grows(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Покажи меня\n" * 30)
    anna = await desk(browser, staffed, "anna", viewport=PHONE)
    await anna.queue.get_by_role("button").last.click()
    await anna.button("Взять").click()
    last = anna.log.locator("[data-message]").last
    await expect(last).to_be_in_viewport(ratio=1)

    await anna.box.fill("\n" * 6)

    await expect(anna.box).to_have_css("height", re.compile(r"^1\d\d"))
    await expect(last).to_be_in_viewport(ratio=1)
    seen, composer = await last.bounding_box(), await anna.box.bounding_box()
    assert seen
    assert composer
    assert seen["y"] + seen["height"] <= composer["y"]


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


async def test_a_conversation_is_found_by_its_words_and_by_the_visitor(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Ищите меня")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    column = vera.page.get_by_role("complementary", name="Посетитель")
    await column.get_by_label("Имя").fill("Серафима Искомая")
    await column.get_by_label("Почта").fill("serafima@example.com")
    await column.get_by_label("Почта").press("Enter")
    await expect(vera.page.get_by_role("heading", name="Серафима Искомая")).to_be_visible()

    search = vera.page.get_by_role("searchbox", name="Поиск")
    for words in ("серафима", "serafima@"):
        await search.fill(words)
        await search.press("Enter")
        await expect(vera.hits.get_by_role("button")).to_have_count(1)
        await expect(vera.hits.get_by_role("mark")).to_have_count(1)
        await expect(vera.hits.get_by_role("button").filter(has_text="Серафима Искомая")).to_be_visible()
    await search.fill("такого никто не писал")
    await search.press("Enter")
    await expect(vera.page.get_by_text("Ничего не найдено. Искали во всех разговорах")).to_be_visible()
    await search.press("Escape")

    await expect(search).to_have_value("")
    await expect(vera.row("Серафима Искомая")).to_be_visible()
    await expect(vera.hits).to_have_count(0)


async def test_a_search_looks_into_every_box(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Нужна Ёлочная плёнка")
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    await vera.button("Взять").click()
    await vera.reply("Сейчас посмотрю")
    await vera.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()
    await vera.box_of("Ожидают")
    search = vera.page.get_by_role("searchbox", name="Поиск")

    await search.fill("елочная пленка")
    await search.press("Enter")
    await expect(vera.hits.get_by_role("button")).to_have_count(1)
    await expect(vera.hits.get_by_text("завершён")).to_be_visible()
    await expect(vera.hits.get_by_role("button").filter(has_text="Нужна Ёлочная плёнка")).to_be_visible()
    await expect(vera.page.get_by_text("Найдено: 1")).to_be_visible()
    await vera.box_of("Ожидают")

    await expect(search).to_have_value("")
    await expect(vera.row("завершён")).to_have_count(0)


async def _seed(shop: Shop, count: int) -> None:
    """Let a visitor write a long conversation, one message of which stands out."""
    database = Database(shop.database_url)
    secret = conversations.new_secret()
    async with database.transaction() as tx:
        for number in range(count):
            text = f"Где моя накладная {count}?" if number == count // 3 else f"Сообщение {number}"
            await conversations.receive(tx, secret, text)
    await database.close()


@pytest.mark.parametrize("count", [60, 600])
async def test_a_hit_opens_its_conversation_at_the_message(browser: Browser, staffed: Shop, count: int):
    await _seed(staffed, count)
    vera = await desk(browser, staffed, "vera")
    search = vera.page.get_by_role("searchbox", name="Поиск")
    await search.fill(f"накладной {count}")
    await search.press("Enter")

    await vera.hits.get_by_role("button").click()

    wanted = vera.log.get_by_text(f"Где моя накладная {count}?")
    await expect(wanted).to_be_in_viewport()
    await expect(vera.log.locator("[data-marked=true]")).to_contain_text(f"Где моя накладная {count}?")
    await expect(vera.log.get_by_text(f"Сообщение {count // 3 + 1}", exact=True)).to_be_in_viewport()

    gap = vera.page.get_by_role("button", name="Показать последние сообщения")
    if count > 100:
        await gap.click()
        await expect(vera.log.get_by_text(f"Сообщение {count - 1}", exact=True)).to_be_in_viewport()
    await expect(gap).to_have_count(0)


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


async def test_a_menu_goes_by_escape(browser: Browser, staffed: Shop):
    anna = await desk(browser, staffed, "anna")
    menu = anna.page.get_by_label("Меню")
    await expect(menu).to_have_attribute("title", "Меню")
    await menu.press("Enter")
    await expect(anna.button("Выйти")).to_be_visible()

    await anna.button("Выйти").press("Escape")

    await expect(anna.button("Выйти")).to_be_hidden()
    await expect(menu).to_be_focused()


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


async def test_who_signs_in_on_a_shared_computer_sees_nothing_a_colleague_has_not_sent(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Общий компьютер")
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    await anna.row("Общий компьютер").last.click()
    await anna.write_as("Заметка")
    await anna.box.fill("Только моё")
    kept = await anna.page.evaluate("Object.entries(localStorage).filter(([, text]) => text.includes('Только моё'))")
    assert kept
    await oleg.page.evaluate("kept => kept.forEach(([key, text]) => localStorage.setItem(key, text))", kept)
    await oleg.page.reload()
    await oleg.row("Общий компьютер").last.click()
    await expect(oleg.log.get_by_text("Общий компьютер")).to_be_visible()

    await expect(oleg.box).to_have_value("")
    await anna.page.reload()
    await anna.row("Общий компьютер").last.click()
    await expect(anna.box).to_have_value("Только моё")


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
