"""A day with the real program, real browsers and the emulated Telegram."""

import re
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, expect

from tests.channels.desk import BEGIN, INVITES
from tests.desk.shop import Shop, caller, desk
from tests.emulators import telegram
from tests.emulators.telegram import Telegram
from tests.program import Server
from vink_chat import operators
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

OLGA, PETR, VERA = 11, 12, 13
NAMES = {OLGA: "Ольга", PETR: "Пётр"}


@pytest.fixture
async def shop(make_server: Callable[..., Server], bot: Telegram) -> Shop:
    """The program with a bot, an administrator, and Вера who works in the browser."""
    server = make_server({"VINK_TELEGRAM_TOKEN": telegram.TOKEN, "VINK_TELEGRAM_BASE_URL": bot.base_url})
    made = Shop(server)
    await made.hire()
    await server.start()
    return made


async def _let_in(shop: Shop, bot: Telegram, browser: Browser) -> None:
    """Two strangers come from Telegram, are confirmed in the browser, and go on shift."""
    for person, name in NAMES.items():
        bot.say(bot.person(person, name), "/start")
        await bot.read(person, "Заявка отправлена", seconds=30)
    anna = await desk(browser, shop, "anna")
    await anna.page.goto(f"{shop.url}/admin/operators")
    for person, name in NAMES.items():
        row = anna.page.locator(f"[data-person='{name}']")
        await row.get_by_role("button", name=re.compile("Подтвердить")).click()
        await bot.read(person, "Администратор подтвердил вас")
        bot.say(person, "/start")
        await bot.read(person, "Вы на смене. Приглашения придут сюда.")


async def _to_the_quicker(shop: Shop, bot: Telegram) -> int:
    """Both press; return who won."""
    calls = {person: await bot.read(person, INVITES) for person in NAMES}
    presses = {person: bot.press(person, call, BEGIN) for person, call in calls.items()}
    words = {person: await bot.answered(press) for person, press in presses.items()}
    [winner] = [person for person in NAMES if words[person].startswith("Вы на связи")]
    loser = OLGA + PETR - winner
    assert words[loser] == f"Уже взял(а) {NAMES[winner]}."
    await bot.until(lambda: calls[loser].text == f"Уже взял(а) {NAMES[winner]}.")
    return winner


@pytest.mark.timeout(300)
async def test_a_day_in_telegram_and_in_the_browser(shop: Shop, bot: Telegram, browser: Browser):
    await _let_in(shop, bot, browser)
    one = await caller(browser, shop, "Сколько стоит доставка?")
    winner = await _to_the_quicker(shop, bot)
    await bot.read(winner, "Предыдущая переписка с")

    await one.write("Мне в Тверь <b>& срочно</b>")
    await bot.read(winner, "Мне в Тверь <b>& срочно</b>")
    typo = bot.say(winner, "Завтро привезём")
    await expect(one.log.get_by_text("Завтро привезём")).to_be_visible()
    bot.edit(typo, "Завтра привезём")
    await expect(one.log.get_by_text("Завтра привезём")).to_be_visible()
    await expect(one.log.get_by_text("Завтро привезём")).to_have_count(0)
    bot.say(winner, "// не забыть про скидку")
    bot.say(winner, "Что-то ещё?")
    await expect(one.log.get_by_text("Что-то ещё?")).to_be_visible()
    await expect(one.log.get_by_text("скидку")).to_have_count(0)
    bot.say(winner, "/finish")
    await expect(one.log.get_by_text("Чат окончен.")).to_be_visible()
    await one.page.get_by_role("group", name="Оцените разговор").get_by_role("button", name="5 / 5").click()
    await bot.read(winner, "5 из 5")
    one.watch.check()

    await _begun_here_and_ended_there(shop, bot, browser)


async def _begun_here_and_ended_there(shop: Shop, bot: Telegram, browser: Browser) -> None:
    database = Database(shop.database_url)
    async with database.transaction() as tx:
        token = await operators.telegram_link_token(tx, shop.ids["vera"])
    await database.close()
    bot.say(bot.person(VERA, "Vera"), f"/start {token}")
    await bot.read(VERA, "привязан к вашей учётной записи")
    bot.say(VERA, "/start")
    await bot.read(VERA, "Вы на смене")
    two = await caller(browser, shop, "Есть ли баннер 440?")

    await bot.answered(bot.press(VERA, await bot.read(VERA, INVITES), BEGIN))
    bot.say(VERA, "Пишу из Telegram")
    await expect(two.log.get_by_text("Пишу из Telegram")).to_be_visible()
    vera = await desk(browser, shop, "vera")
    await vera.box_of("Мои")
    await expect(vera.queue.get_by_role("button")).to_have_count(1)
    await vera.pick("Пишу из Telegram")
    await expect(vera.log.get_by_text("Пишу из Telegram")).to_be_visible()
    await vera.reply("Пишу из браузера")
    await bot.read(VERA, "Пишу из браузера")
    await expect(two.log.get_by_text("Пишу из браузера")).to_be_visible()
    bot.say(VERA, "/finish")

    await expect(two.log.get_by_text("Чат окончен.")).to_be_visible()
    await expect(vera.log.get_by_text("Чат окончен.")).to_be_visible()
    two.watch.check()
