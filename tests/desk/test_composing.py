"""What an operator is writing: drafts by conversation, notes, canned replies, the composer itself."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE
from tests.desk.shop import Shop, caller, desk

pytestmark = pytest.mark.browser


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
