"""Who leaves a page with unsaved edits is asked first: by a link, by closing it, by Back."""

from collections.abc import Callable

import pytest
from playwright.async_api import Dialog, Page, expect

pytestmark = pytest.mark.browser
_HYDRATED = '"is_hydrated_rx_state_":true'
_RETURNED = """new Promise((done) => {
  const look = () => (location.pathname.startsWith("/admin/handover") ? done() : setTimeout(look, 10));
  look();
})"""


def _answers(page: Page, *, leaves: Callable[[], bool] = lambda: False) -> list[str]:
    """Answer every question of a page, and return what was asked so far."""
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await (dialog.accept() if leaves() else dialog.dismiss())

    page.on("dialog", answer)
    return asked


def _link(page: Page, name: str):
    return page.get_by_role("navigation", name="Разделы").get_by_role("link", name=name)


async def test_who_leaves_with_unsaved_edits_is_asked_first(opens):
    page = await opens("/admin/handover")
    asked = _answers(page)
    field = page.locator("[name='handover.promised_hours']")
    away = _link(page, "Операторы")
    before = await field.input_value()

    await field.fill("7")
    async with page.expect_event("dialog"):
        await away.click()
    await expect(field).to_have_value("7")
    assert asked == ["confirm"]
    await page.close(run_before_unload=True)
    await expect(field).to_have_value("7")
    await field.fill(before)
    await away.click()
    await page.wait_for_url("**/admin/operators")
    assert asked == ["confirm", "beforeunload"]


async def test_what_was_typed_outlives_a_broken_line(opens):
    page = await opens("/admin/handover")
    _answers(page)
    field = page.locator("[name='handover.promised_hours']")
    await field.fill("7")

    # The page hangs up when it is about to be closed, whatever the answer, and calls again once it is looked at.
    async with page.expect_event("dialog"):
        await page.close(run_before_unload=True)
    async with page.expect_websocket() as called:
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    socket = await called.value
    await socket.wait_for_event("framereceived", lambda frame: _HYDRATED in str(frame))

    await expect(field).to_have_value("7")


async def test_who_leaves_what_is_saved_is_not_asked(opens):
    page = await opens("/admin/handover")
    asked = _answers(page)
    field = page.locator("[name='handover.promised_hours']")

    await field.fill("9" if await field.input_value() == "8" else "8")
    await page.locator("#form-handover").get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await _link(page, "Операторы").click()

    await page.wait_for_url("**/admin/operators")
    assert asked == []


async def test_back_asks_too_and_who_stays_loses_nothing(opens):
    page = await opens("/admin/operators")
    leaves = False
    asked = _answers(page, leaves=lambda: leaves)
    await _link(page, "Передача специалисту").click()
    field = page.locator("[name='handover.promised_hours']")
    await field.fill("7")

    for _ in range(2):
        async with page.expect_event("dialog"):
            await page.evaluate("history.back()")
        # Asked of the page itself: what Playwright knows of the address may be older than the question.
        await page.evaluate(_RETURNED)
        await expect(field).to_have_value("7")
    leaves = True
    await page.evaluate("history.back()")

    await expect(page.get_by_role("heading", name="Операторы")).to_be_visible()
    assert asked == ["confirm"] * 3


async def test_back_from_a_page_without_edits_asks_nothing(opens):
    page = await opens("/admin/operators")
    asked = _answers(page)
    await _link(page, "Передача специалисту").click()
    await expect(page.locator("[name='handover.promised_hours']")).to_be_visible()

    await page.evaluate("history.back()")

    await expect(page.get_by_role("heading", name="Операторы")).to_be_visible()
    assert asked == []


async def test_an_article_is_not_left_unsaved_unasked(opens):
    page = await opens("/admin/knowledge?edit=new")
    asked = _answers(page)
    question = page.get_by_label("Вопрос", exact=True)

    await question.fill("Режете ли вы картон?")
    async with page.expect_event("dialog"):
        await _link(page, "Операторы").click()
    await expect(question).to_have_value("Режете ли вы картон?")
    assert asked == ["confirm"]
    await page.get_by_label("Ответ", exact=True).fill("Режем.")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await _link(page, "Операторы").click()

    await page.wait_for_url("**/admin/operators")
    assert asked == ["confirm"]
