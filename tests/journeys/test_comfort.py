"""Reading and writing in comfort: long answers, wide tables, small screens, large type, no net, a file by mistake."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, assert_accessible
from tests.journeys.visitor import DISCONNECTED, visitor
from tests.program import Server, end
from vink_chat import knowledge, preferences
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser

LONG = "\n\n".join(f"Абзац {number}: " + "плёнка держится на ровном основании годами. " * 6 for number in range(1, 15))
TABLE = """Сравнение тканей:

| Материал | Толщина, мкм | Плотность, г/м² | Назначение | Производитель |
|---|---|---|---|---|
| Баннерная ткань литая | 440 | 510 | Улица и помещения | Корея |
| Баннерная ткань ламинированная | 380 | 440 | Только помещения | Китай |
"""

HEADED = "## Настройка\n\nЗадайте `height=5`:\n\n```\nmode = slow\nspeed = 2\n```\n\nИ проверьте."


async def _fill(url: str) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        await knowledge.add(tx, question="Как клеить кракозябру на фюзеляж?", answer=LONG)
        await knowledge.add(tx, question="Чем отличаются кракозябровые ткани?", answer=TABLE)
        await knowledge.add(tx, question="Как настроить кракозябр?", answer=HEADED)
    await database.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop with a long article and one with a table."""
    made = Server(tmp_path_factory.mktemp("library"))
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _fill(made.settings["VINK_DATABASE_URL"])).result()
    made.start_now()
    yield made
    end([made])


async def test_a_long_answer_is_read_from_its_beginning(browser: Browser, library: Server):
    one = await visitor(browser, library.url, viewport=PHONE)
    answer = await one.ask("Как клеить кракозябру на фюзеляж?")
    await expect(answer).to_contain_text("Абзац 1")

    place = "row => row.getBoundingClientRect().top - row.closest('[data-log]').getBoundingClientRect().top"
    assert 0 <= await answer.evaluate(place) < 40
    down = one.page.locator("[data-down]")
    await expect(down).to_be_visible()
    await down.click()
    at_end = "log => log.scrollHeight - log.scrollTop - log.clientHeight < 80"
    assert await one.log.evaluate(at_end)


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_a_wide_table_scrolls_and_breaks_no_word(browser: Browser, library: Server, path: str):
    one = await visitor(browser, library.url + path, viewport=PHONE)
    answer = await one.ask("Чем отличаются кракозябровые ткани?")
    await expect(answer.locator("table")).to_be_visible()

    frame = answer.locator(".wide")
    assert await frame.evaluate("e => e.scrollWidth > e.clientWidth")
    heights = await answer.locator("th").evaluate_all("all => all.map(e => e.clientHeight)")
    assert max(heights) < 40, "a heading stands on one line"
    assert await one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await assert_accessible(one.page)


@pytest.mark.parametrize("size", [(320, 568), (360, 640)])
async def test_the_first_screen_begins_at_its_top(browser: Browser, library: Server, size: tuple[int, int]):
    one = await visitor(browser, library.url, viewport={"width": size[0], "height": size[1]})
    await one.page.set_viewport_size({"width": size[0], "height": size[1] - 40})

    assert await one.log.evaluate("log => log.scrollHeight > log.clientHeight"), "there is something to scroll"
    assert await one.log.evaluate("log => log.scrollTop") == 0
    await expect(one.page.locator("[data-down]")).to_be_hidden()


async def test_without_the_net_a_message_waits_for_it_and_is_not_called_failed(browser: Browser, library: Server):
    one = await visitor(browser, library.url)
    one.watch.allowed += DISCONNECTED
    await one.page.context.set_offline(True)

    await one.write("Сколько стоит доставка?")
    await expect(one.pending).to_contain_text("ждёт сети")
    await one.page.clock.install()
    await one.page.clock.run_for(15_000)
    await expect(one.pending).to_contain_text("ждёт сети")
    await expect(one.pending.get_by_role("button")).to_have_count(0)

    await one.page.context.set_offline(False)
    await one.page.clock.resume()
    await expect(one.own).to_have_count(1, timeout=30_000)


async def test_the_counter_is_no_alarm_and_comes_back_with_the_text(browser: Browser, library: Server):
    one = await visitor(browser, library.url)
    counter = one.page.locator("[data-counter]")

    await one.box.fill("а" * 3700)
    await expect(counter).to_have_text("3700 / 4000")
    assert await counter.evaluate("e => e.closest('[role=alert],[aria-live]')") is None
    await one.write("а" * 4001)
    await one.pending.get_by_role("button", name="изменить").click()

    await expect(counter).to_have_text("4001 / 4000")


async def test_a_dropped_or_pasted_file_is_answered_in_words(browser: Browser, library: Server):
    one = await visitor(browser, library.url)
    give = """([kind, selector]) => { const data = new DataTransfer(); data.items.add(new File(["x"], "photo.png"));
        const event = kind === "paste"
            ? new ClipboardEvent(kind, {clipboardData: data, bubbles: true, cancelable: true})
            : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
        return !document.querySelector(selector).dispatchEvent(event) }"""

    for kind, selector in (("dragover", "[data-log]"), ("drop", "[data-log]"), ("paste", "[data-compose]")):
        assert await one.page.evaluate(give, [kind, selector]), f"{kind} is prevented"

    await expect(one.page.locator("[data-advice]")).to_contain_text("только текст")


@pytest.mark.parametrize("size", [(320, 200), (640, 330)])
async def test_a_long_draft_leaves_the_thread_and_the_button_in_sight(
    browser: Browser, library: Server, size: tuple[int, int]
):
    width, height = size
    one = await visitor(browser, library.url + "/embed", viewport={"width": width, "height": height})
    await one.ask("Можно оплатить заказ картой?")

    await one.box.fill("\n".join("строка" for _ in range(8)))

    button = await one.button.bounding_box()
    log = await one.log.bounding_box()
    assert button
    assert button["y"] + button["height"] <= height
    assert log
    assert log["height"] >= 40


async def test_words_grow_with_the_browsers_own_size_of_type(browser: Browser, library: Server):
    one = await visitor(browser, library.url, viewport=PHONE)
    answer = await one.ask("Можно оплатить заказ картой?")
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    before = await answer.locator(".words").evaluate(size)

    await one.page.add_style_tag(content="html { font-size: 200% }")

    assert await answer.locator(".words").evaluate(size) == before * 2
    assert (await one.page.get_by_role("heading", level=1).bounding_box() or {"width": 0})["width"] > 150
    assert await one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_ink_is_white_wherever_white_can_be_read():
    for red in range(0, 256, 15):
        for green in range(0, 256, 15):
            for blue in range(0, 256, 51):
                colour = f"#{red:02x}{green:02x}{blue:02x}"
                white = 1.05 / (_luminance(colour) + 0.05)
                ink = preferences.Look(colour=colour).ink
                assert (white if ink == "#ffffff" else 21 / white) >= 4.5, colour
                # At the very edge, where the curve is drawn simpler than WCAG's, black may stand for white.
                assert ink == "#ffffff" or white < 4.52, colour


@pytest.mark.parametrize("colour", ["111111", "ffffff", "16a34a"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_brand_surfaces_keep_an_edge_in_either_theme(browser: Browser, library: Server, colour: str, theme: str):
    one = await visitor(browser, f"{library.url}/?theme={theme}", viewport=PHONE)
    await one.page.locator("[data-chat]").evaluate("(e, c) => e.style.setProperty('--brand', c)", f"#{colour}")
    await one.ask("Можно оплатить заказ картой?")

    assert await one.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    for surface in (one.own.locator(".own").first, one.button):
        assert "inset" in await surface.evaluate("e => getComputedStyle(e).boxShadow")


async def test_headings_and_code_in_an_answer_stand_out(browser: Browser, library: Server):
    one = await visitor(browser, library.url)
    answer = await one.ask("Как настроить кракозябр?")

    looks = "(e, name) => getComputedStyle(e)[name]"
    assert int(await answer.locator(".words strong").evaluate(looks, "fontWeight")) >= 600
    ground = await answer.locator(".rounded-2xl").evaluate(looks, "backgroundColor")
    for code in (answer.locator(".words p code"), answer.locator(".words pre")):
        assert await code.evaluate(looks, "backgroundColor") not in {ground, "rgba(0, 0, 0, 0)"}
    assert await answer.locator(".words pre code").evaluate(looks, "paddingLeft") == "0px"
    await assert_accessible(one.page)


async def test_where_colours_are_forced_a_bubble_has_an_edge(browser: Browser, library: Server):
    one = await visitor(browser, library.url, forced_colors="active")
    answer = await one.ask("Как настроить кракозябр?")

    for bubble in (answer.locator(".rounded-2xl"), one.own.locator(".rounded-2xl")):
        assert await bubble.evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"


async def test_at_four_hundred_per_cent_there_is_room_to_read(browser: Browser, library: Server):
    one = await visitor(browser, library.url, viewport={"width": 320, "height": 200})
    await one.ask("Как настроить кракозябр?")

    assert await one.log.evaluate("log => log.clientHeight") >= 90
    await expect(one.button).to_be_in_viewport()
    await expect(one.call).to_be_in_viewport()
    await one.call.click()
    await expect(one.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    assert await one.log.evaluate("log => log.clientHeight") >= 90


async def test_an_english_page_proposes_no_russian_questions(browser: Browser, library: Server):
    one = await visitor(browser, f"{library.url}/?lang=en", locale="en-US")

    await expect(one.box).to_be_visible()
    await expect(one.page.locator("[data-popular]")).to_have_count(0)
