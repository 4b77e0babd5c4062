"""On a slow line the next conversation is still on its way when the next key is pressed."""

import pytest
from playwright.async_api import Browser, expect

from tests.desk.shop import Line, Shop, caller, desk


@pytest.mark.browser
@pytest.mark.parametrize("act", ["Enter", "Завершить"])
async def test_on_a_slow_line_what_is_pressed_goes_to_what_is_seen(browser: Browser, staffed: Shop, act: str):
    line = Line()
    words = [f"Медленно: {word} ({act})" for word in ("первый", "второй")]
    first, second = [await caller(browser, staffed, text) for text in words]
    vera = await desk(browser, staffed, "vera", line=line)
    waiting = vera.queue.get_by_role("button")
    await expect(waiting.nth(1)).to_be_visible()
    rows = [vera.page.locator(f'[data-row="{await waiting.nth(at).get_attribute("data-row")}"]') for at in (-2, -1)]
    await vera.box_of("Все")
    for at in (1, 0):
        await rows[at].click()
        await expect(vera.log.get_by_text(words[at])).to_be_visible()
        await vera.button("Взять").click()
        await expect(vera.button("Завершить")).to_be_visible()
    await vera.box.fill("СЕКРЕТ ПЕРВОГО")

    line.hold()
    await rows[1].click()
    await line.until_something_is_held(words[1])
    await expect(vera.log.get_by_text(words[0])).to_be_visible()
    await (vera.box.press("Enter") if act == "Enter" else vera.button("Завершить").click())
    line.release()

    said = "СЕКРЕТ ПЕРВОГО" if act == "Enter" else "Чат окончен."
    await expect(first.log.get_by_text(said)).to_be_visible()
    await expect(vera.log.get_by_text(words[1])).to_be_visible()
    await expect(vera.box).to_have_value("")
    await second.page.reload()
    await expect(second.log.get_by_text(words[1])).to_be_visible()
    await expect(second.log.get_by_text(said)).to_have_count(0)
    if act == "Enter":
        # What was sent is not offered to be sent again.
        await rows[0].click()
        await expect(vera.log.get_by_text("СЕКРЕТ ПЕРВОГО")).to_be_visible()
        await expect(vera.box).to_have_value("")


@pytest.mark.browser
async def test_a_note_that_was_chosen_while_taking_was_under_way_stays_a_note(browser: Browser, staffed: Shop):
    line = Line()
    one = await caller(browser, staffed, "Медленно: взять и заметка")
    vera = await desk(browser, staffed, "vera", line=line)
    await vera.row("Медленно: взять и заметка").last.click()
    await expect(vera.button("Взять")).to_be_visible()

    line.hold()
    await vera.button("Взять").click()
    await vera.write_as("Заметка")
    await line.until_something_is_held("attended")
    line.release()
    await expect(vera.button("Завершить")).to_be_visible()

    await expect(vera.kind("Заметка")).to_be_checked()
    await vera.reply("Только для своих")
    await expect(vera.log.locator('[data-note="true"]').filter(has_text="Только для своих")).to_be_visible()
    await expect(one.log.get_by_text("Только для своих")).to_have_count(0)
