"""From the visitor's question to a person, to a colleague, back to the assistant, and to the end."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Shop, caller, desk
from tests.journeys.visitor import visitor
from tests.wire import THREAD, Wire
from vink_chat.operators import Presence

pytestmark = pytest.mark.browser


async def test_the_whole_way_of_a_conversation(browser: Browser, staffed: Shop):
    anna, oleg = await desk(browser, staffed, "anna"), await desk(browser, staffed, "oleg")
    one = await visitor(browser, staffed.url)
    await one.ask("Как оплатить заказ картой?")

    # A person is called: the desks know at once.
    before = int(await anna.desk.get_attribute("data-waiting") or 0)
    await one.call.click()
    await expect(anna.desk).to_have_attribute("data-waiting", str(before + 1))
    await expect(anna.page).to_have_title(re.compile(rf"^\({before + 1}\) "))
    row = anna.queue.get_by_role("button").filter(has_text="нажал кнопку").last
    await expect(row.locator("[data-since]")).to_have_text(re.compile(r"^\d+:\d\d$"))
    await row.click()
    await expect(anna.card).to_contain_text("Как оплатить заказ картой?")
    await expect(anna.card).to_contain_text("нажал кнопку")
    await expect(anna.card).to_contain_text(re.compile(r"\d+\s%"))

    # Taken, and both write.
    await anna.button("Взять").click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "attended")
    await expect(one.log.get_by_text("К разговору подключился специалист: Анна.")).to_be_visible()
    await anna.box.press_sequentially("Здра")
    await expect(one.log.get_by_text("печатает")).to_be_visible()
    await anna.reply("Здравствуйте! Чем помочь?")
    await expect(one.log.get_by_text("Здравствуйте! Чем помочь?")).to_be_visible()
    await one.box.press_sequentially("Картой Мир")
    await expect(anna.log.get_by_text("печатает…")).to_be_visible()
    await one.box.press("Enter")
    await expect(anna.log.get_by_text("Картой Мир")).to_be_visible()
    await expect(anna.log.get_by_text("Прочитано посетителем").first).to_be_visible()

    # A note, and a colleague who reads it.
    await anna.note("Платит картой, ждёт счёт")
    await anna.give("Олег", "Нужен счёт")
    await expect(one.log.get_by_text("Разговор продолжит специалист: Олег.")).to_be_visible()
    await oleg.box_of("Мои")
    await oleg.pick("Картой Мир")
    for words in ("Платит картой, ждёт счёт", "Нужен счёт"):
        await expect(oleg.log.locator('[data-note="true"]').filter(has_text=words)).to_be_visible()
        await expect(one.log.get_by_text(words)).to_have_count(0)
    await oleg.reply("Счёт отправил.")

    # Back to the assistant, who answers; then a person again, and the end.
    await oleg.button("Вернуть ассистенту").click()
    await expect(one.log.get_by_text("С вами снова ассистент.")).to_be_visible()
    answers = one.log.locator('[data-who="assistant"]')
    count = await answers.count()
    await one.write("Как самому забрать товар со склада?")
    await expect(answers).to_have_count(count + 1)
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "assisted")
    await one.write("Позовите оператора")
    await expect(oleg.button("Взять")).to_be_visible()
    await oleg.button("Взять").click()
    await oleg.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()
    await one.page.get_by_role("button", name="5 / 5").click()
    await expect(oleg.page.get_by_text("Оценка: 5/5")).to_be_visible()
    for each in (anna, oleg, one):
        each.watch.check()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Соедините меня с живым человеком", "просит человека"),
        ("Расскажите о себе #refusal", "ответ не прошёл проверку"),
    ],
)
async def test_a_person_is_called_for_a_reason_the_desk_names(browser: Browser, staffed: Shop, words: str, reason: str):
    anna = await desk(browser, staffed, "anna")
    one = await visitor(browser, staffed.url)

    await one.write(words)
    if "#" in words:
        # The first time the assistant asks what is meant.
        await expect(one.log.locator('[data-who="assistant"]')).to_have_count(1, timeout=40_000)
        await one.write(words)

    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting", timeout=40_000)
    await expect(anna.queue.get_by_text(reason).last).to_be_visible()
    await anna.queue.get_by_role("button").filter(has_text=reason).last.click()
    await expect(anna.card).to_contain_text(reason)
    await expect(anna.card).not_to_contain_text("посетитель просит человека")
    await expect(anna.log.get_by_text(words).first).to_be_visible()
    # Of what failed nothing was shown but the question back.
    await expect(one.log.locator('[data-who="assistant"]')).to_have_count(int("#" in words))
    anna.watch.check()


async def test_what_the_check_held_back_is_read_by_the_staff_alone(browser: Browser, staffed: Shop):
    anna = await desk(browser, staffed, "anna")
    one = await visitor(browser, staffed.url)
    await one.write("Расскажите мне о себе #refusal")
    await expect(one.log.locator('[data-who="assistant"]')).to_have_count(1, timeout=40_000)
    await one.call.click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")

    await anna.row("Расскажите мне о себе #refusal").click()
    await anna.log.get_by_text("Почему так ответил").click()

    withheld = anna.log.locator("[data-withheld]")
    await expect(withheld.get_by_text("Не показано посетителю")).to_be_visible()
    await expect(withheld.locator("p").last).not_to_be_empty()
    await expect(one.page.locator("[data-withheld]")).to_have_count(0)


async def test_what_is_taken_stays_in_sight_and_waits_for_an_answer(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Возьмите меня")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await expect(anna.log.get_by_text("Возьмите меня")).to_be_visible()

    await anna.button("Взять").click()

    # The second press of a double click falls on nothing.
    await expect(anna.button("Завершить")).to_have_css("pointer-events", "none")
    # Nobody waits any more.
    await expect(anna.page.locator("header [data-since]")).to_have_count(0)
    await expect(anna.box).to_be_focused()
    await expect(anna.queue.locator('[aria-current="true"]')).to_be_visible()
    mine = anna.page.get_by_role("group", name="Очередь").get_by_role("button", name=re.compile("Мои"))
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await anna.button("Передать").click()
    await expect(anna.page.get_by_role("dialog", name="Передать")).to_be_visible()


async def test_who_comes_second_reads_who_was_first(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Кто первый?")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await expect(anna.button("Взять")).to_be_visible()
    await expect(anna.desk).to_have_attribute("data-open", re.compile("."))
    opened = await anna.desk.get_attribute("data-open")
    second = Wire(
        staffed.url, cookie=staffed.cookies["oleg"], stored={f"{THREAD}.opened_rx_state_": opened}, path="/desk"
    )

    async with second as oleg:
        await anna.button("Взять").click()
        await expect(anna.button("Завершить")).to_be_visible()
        await oleg.call(f"{THREAD}.claim", {"conversation_id": opened})

        assert oleg.shown[THREAD]["refusal"] == "Уже взял(а) Анна."


async def test_who_waits_sees_the_queue_grow_shorter(browser: Browser, staffed: Shop):
    await caller(browser, staffed, "Я раньше")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await expect(anna.log.get_by_text("Я раньше")).to_be_visible()
    two = await caller(browser, staffed, "А я за вами")
    status = two.page.get_by_role("status").filter(has_text="Ждём специалиста")
    number = re.compile(r"вы в очереди под номером (\d+)")
    await expect(status).to_have_text(number)
    found = number.search(await status.inner_text())
    assert found

    await anna.button("Взять").click()

    await expect(status).to_have_text(re.compile(rf"вы в очереди под номером {int(found[1]) - 1}\b"))
    vera = await desk(browser, staffed, "vera")
    await vera.queue.get_by_role("button").last.click()
    await expect(vera.log.get_by_text("А я за вами")).to_be_visible()
    await vera.button("Взять").click()
    await expect(two.page.get_by_text("вы в очереди")).to_have_count(0)
    two.watch.check()


async def test_a_conversation_goes_back_into_the_queue(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Верните в очередь")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await anna.button("Взять").click()
    await anna.reply("Сейчас посмотрю")

    await anna.button("В очередь").click()

    await expect(anna.button("Взять")).to_be_visible()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    await expect(one.log.get_by_text("Вы остаётесь в очереди.")).to_be_visible()
    # The desk goes along with it.
    chosen = anna.queue.locator('[aria-current="true"]')
    await expect(chosen).to_contain_text("Вернул(а) в очередь: Анна")


async def test_a_colleague_goes_on_when_the_holder_goes_away(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Кто продолжит?")
    oleg = await desk(browser, staffed, "oleg")
    await oleg.queue.get_by_role("button").last.click()
    await oleg.button("Взять").click()
    await expect(oleg.button("Завершить")).to_be_visible()
    vera = await desk(browser, staffed, "vera", f"/desk/?c={await oleg.desk.get_attribute('data-open')}")
    await expect(vera.page.get_by_text("у специалиста: Олег").first).to_be_visible()
    await expect(vera.button("Забрать")).to_have_count(0)

    await oleg.page.get_by_label("Статус").select_option(label="Отошёл")
    await vera.button("Забрать").click()

    await expect(vera.button("Завершить")).to_be_visible()
    await expect(one.log.get_by_text("Разговор продолжит специалист: Вера.")).to_be_visible()
    await expect(oleg.page.locator("header").get_by_text("Забрал(а): Вера · до этого: Олег")).to_be_visible()
    await oleg.page.get_by_label("Статус").select_option(label="На месте")
    await vera.page.get_by_label("Статус").select_option(label="Отошёл")
    await vera.button("К очереди").click()
    await oleg.button("Забрать").click()
    toast = vera.page.locator("[data-toast]").filter(has_text="Разговор забрал(а) Олег")
    await toast.click()
    await expect(toast).to_have_count(0)
    await expect(vera.button("Завершить")).to_have_count(0)
    await vera.page.get_by_label("Статус").select_option(label="На месте")
    await expect(one.log.get_by_text("Забрал(а)")).to_have_count(0)
    for each in (oleg, vera, one):
        each.watch.check()


async def test_nobody_on_shift_leaves_contacts_for_the_desk(browser: Browser, shop: Shop):
    await shop.shift(Presence.OFF)
    one = await visitor(browser, shop.url)
    await one.call.click()
    await one.page.get_by_label("Телефон").fill("+7 900 123-45-67")
    await one.page.get_by_label("Имя").fill("Пётр Петров")
    await one.page.get_by_role("button", name=re.compile("Оставить контакты")).click()
    await expect(one.log.get_by_text("Мы сохранили контакты")).to_be_visible()

    anna = await desk(browser, shop, "anna")
    await anna.row("Пётр Петров").click()

    await expect(anna.log.get_by_text("+7 900 123-45-67")).to_be_visible()
    visitor_column = anna.page.get_by_role("complementary", name="Посетитель")
    await expect(visitor_column.get_by_label("Имя")).to_have_value("Пётр Петров")
    await expect(visitor_column.get_by_label("Телефон")).to_have_value("+7 900 123-45-67")
    await expect(anna.queue.get_by_text("оставил контакты").last).to_be_visible()


async def test_a_finished_conversation_is_taken_up_again(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Вопрос первый")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await expect(anna.desk).to_have_attribute("data-open", re.compile("."))
    opened = await anna.desk.get_attribute("data-open")
    await anna.button("Взять").click()
    await anna.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()

    await one.write("Ещё один вопрос: как вернуть товар?")

    await expect(one.log.locator('[data-who="assistant"]')).to_have_count(2)
    await expect(anna.log.get_by_text("Ещё один вопрос")).to_be_visible()
    assert await anna.desk.get_attribute("data-open") == opened


async def test_what_was_finished_by_mistake_is_taken_again(browser: Browser, staffed: Shop):
    one = await caller(browser, staffed, "Не всё спросил")
    anna = await desk(browser, staffed, "anna")
    await anna.queue.get_by_role("button").last.click()
    await anna.button("Взять").click()
    await anna.button("Завершить").click()
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()

    await anna.button("Взять снова").click()
    await anna.reply("Я ещё здесь")

    await expect(one.log.get_by_text("Я ещё здесь")).to_be_visible()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "attended")
    await expect(anna.queue.locator('[aria-current="true"]')).to_be_visible()
    anna.watch.check()
