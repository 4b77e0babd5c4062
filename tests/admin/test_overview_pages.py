"""Administrators see what happened, what failed, and every page well: in light and dark, on a desk and in a hand."""

import re

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests import browser as browsers
from tests.admin.conftest import LOGIN
from vink_chat.pages.admin.frame import PAGES

pytestmark = pytest.mark.browser


async def test_the_overview_counts_and_each_number_opens_its_conversations(opens):
    page = await opens("/admin")

    async def number(name: str) -> str:
        return await page.locator("dl > div", has=page.get_by_text(name, exact=True)).locator("dd").first.inner_text()

    await expect(page.locator("dl > div")).to_have_count(12)
    assert await number("Разговоры") == "4"
    assert await number("Ответил ассистент") == "2 (50\xa0%)"
    assert await number("Вызовы специалиста") == "2"
    # Who waits still counts with the time waited so far.
    first_answer = page.locator(
        "dl > div", has=page.get_by_text("Первый ответ специалиста: медиана / 90 %", exact=True)
    )
    await expect(first_answer).to_contain_text(re.compile(r"0:0\d / \d+:\d\d"))
    await expect(first_answer).to_contain_text("ответили на 1 из 2 вызовов")
    assert await number("Не дождались") == "0"
    await expect(page.locator("[data-outcomes]")).to_have_text(
        "Вызовов 2: ответили 1, пока без ответа 1, не дождались 0, отозвали 0."
    )
    await expect(page.locator("dl > div").filter(has_text="Разговоры")).to_contain_text(
        "ассистент 2 + звали специалиста 2 + пока без ответа 0"
    )
    assert await number("Оценка") == "5,0 (1)"
    button = page.get_by_role("link", name="Кнопка «Позвать оператора»: 1")
    assert "/desk?reason=button&day=" in str(await button.get_attribute("href"))
    await expect(page.get_by_role("row")).to_have_count(8)
    await page.get_by_role("link", name="30 дней").click()
    await expect(page.get_by_role("row")).to_have_count(31)


async def test_the_overview_says_how_things_stand_now_and_goes_along(opens):
    page = await opens("/admin")
    now = page.locator("[data-now]")
    await expect(now).to_contain_text(re.compile(r"Ждут специалиста\s*1"))
    await expect(now).to_contain_text(re.compile(r"Дольше всех ждёт\s*\d+:\d\d"))
    await expect(now).to_contain_text(re.compile(r"На смене\s*0"))

    desk = await opens("/desk")
    await desk.get_by_role("button", name="Начать смену").click()

    await expect(now).to_contain_text(re.compile(r"На смене\s*1"))
    await desk.get_by_role("combobox", name="Статус").select_option("off")
    await expect(now).to_contain_text(re.compile(r"На смене\s*0"))


async def test_a_number_of_this_moment_opens_the_box_it_counts(opens):
    page = await opens("/admin")
    attended = page.locator("[data-now] div").filter(has_text="У специалистов")

    await attended.get_by_role("link").click()

    boxes = page.get_by_role("group", name="Очередь").get_by_role("button")
    await expect(boxes.filter(has_text="Все")).to_have_attribute("aria-pressed", "true")
    await boxes.filter(has_text="Закрытые").click()
    await page.wait_for_url(re.compile(r"/desk/?$"))
    await page.reload()
    await expect(boxes.filter(has_text="Закрытые")).to_have_attribute("aria-pressed", "true")


async def test_a_filter_is_named_lights_no_box_and_ends_with_a_press(opens):
    page = await opens("/admin")
    await page.get_by_role("link", name="Кнопка «Позвать оператора»: 1").click()

    chip = page.locator("[data-filtered]")
    await expect(chip).to_contain_text(re.compile(r"Причина: нажал кнопку · \d+ [а-я]+"))
    boxes = page.get_by_role("group", name="Очередь").get_by_role("button")
    await expect(boxes.and_(page.locator("[aria-pressed=true]"))).to_have_count(0)

    await chip.get_by_role("link", name="Показать все").click()
    await expect(chip).to_have_count(0)
    await page.go_back()
    await expect(chip).to_be_visible()
    await boxes.filter(has_text="Закрытые").click()
    await expect(chip).to_have_count(0)
    await expect(boxes.filter(has_text="Закрытые")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", [1440, 390])
async def test_thirty_days_fit_without_a_scrollbar(opens, width: int):
    page = await opens("/admin?days=30", viewport={"width": width, "height": 900})
    plot = page.get_by_role("list", name="Разговоры по дням")
    await expect(plot.get_by_role("listitem")).to_have_count(30)

    fits = "plot => plot.scrollWidth <= plot.clientWidth + 24 && plot.getBoundingClientRect().right <= innerWidth"
    assert await plot.evaluate(fits)
    oldest = await plot.get_by_role("listitem").last.bounding_box()
    assert oldest
    assert oldest["x"] >= 0


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Разговоры", 4),
        ("Ответил ассистент", 2),
        ("Вызовы специалиста", 2),
        ("Первый ответ специалиста: медиана / 90 %", 2),
        ("Оценка", 1),
    ],
)
@pytest.mark.parametrize("days", [1, 7])
async def test_a_number_opens_the_conversations_it_counts(opens, name: str, rows: int, days: int):
    page = await opens(f"/admin?days={days}")

    await page.locator("dl > div", has=page.get_by_text(name, exact=True)).get_by_role("link").click()

    await expect(page.get_by_role("list", name="Очередь").get_by_role("button")).to_have_count(rows)


async def test_who_is_not_signed_in_is_sent_to_the_entrance(shop, browser: Browser):
    page = await browsers.new_page(browser)
    for _, path in PAGES[:3]:
        await page.goto(shop.url + path)

        await expect(page.get_by_role("heading", level=1)).to_have_text("Вход для сотрудников")
        await expect(page).to_have_url(re.compile(r"/sign-in/?$"))
        await expect(page.get_by_role("navigation")).to_have_count(0)


async def test_who_leaves_is_out(shop, browser: Browser):
    page = await browsers.new_page(browser)
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as client:
        token = (await client.post("/auth/sign-in", data=LOGIN)).cookies["vink_session"]
    await page.context.add_cookies([{"name": "vink_session", "value": token, "url": shop.url}])
    await page.goto(f"{shop.url}/admin/work")

    await expect(page.get_by_role("navigation")).not_to_have_count(0)
    await page.get_by_role("button", name="Выйти").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Вход для сотрудников")
    assert "vink_session" not in [cookie["name"] for cookie in await page.context.cookies()]
    # Nor does a copy of the cookie let anybody in.
    await page.context.add_cookies([{"name": "vink_session", "value": token, "url": shop.url}])
    await page.goto(f"{shop.url}/admin/work")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Вход для сотрудников")
    await expect(page.get_by_role("navigation")).to_have_count(0)


@pytest.mark.parametrize("path", [path for _, path in PAGES])
async def test_a_page_is_accessible_in_light_and_dark_and_fits_a_hand(opens, path: str):
    page = await opens(path, reduced_motion="reduce")
    if path in {f"/admin/{name}" for name in ("assistant", "handover", "questions", "look", "canned", "telegram")}:
        await page.wait_for_selector("form[id]")

    await browsers.assert_accessible(page)
    await page.set_viewport_size(browsers.PHONE)
    await page.emulate_media(color_scheme="dark")
    await browsers.assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_text("Меню", exact=True).click()
    await expect(page.get_by_role("navigation", name="Разделы")).to_be_visible()
    await browsers.assert_accessible(page)
