"""The plots of the overview say their values: on the screen, and to who listens."""

import re
from datetime import date

import pytest
from playwright.async_api import expect

from tests import browser as browsers
from vink_chat.pages.admin.overview_state import duration
from vink_chat.pages.admin.plots import SECONDS, Plot, make_plot

DAYS = [date(2026, 11, 26), date(2026, 11, 27)]


def _waits(*values: tuple[float | None, float | None]) -> Plot:
    return make_plot(values, DAYS, ("Медиана", "90 %"), language="ru", tops=SECONDS, text=duration)


def test_a_scale_ends_at_a_round_number_and_the_bars_are_shares_of_it():
    plot = make_plot([(2, 5), (0, 8)], DAYS, ("Ответил ассистент", "Разговоры"), language="ru")

    assert plot.scale == ["10", "5", "0"]
    newest, oldest = plot.bars
    assert (newest["front"], newest["back"], newest["back_text"]) == ("0.00%", "80.00%", "8")
    assert (oldest["front"], oldest["back"], oldest["front_text"]) == ("20.00%", "50.00%", "2")
    assert (oldest["number"], oldest["weekday"]) == ("26", "чт")


def test_waits_are_minutes_and_seconds_and_a_day_without_one_is_left_empty():
    plot = _waits((None, None), (65, 200))

    assert plot.scale == ["4:00", "2:00", "0:00"]
    newest, oldest = plot.bars
    assert (newest["front_text"], newest["back_text"]) == ("1:05", "3:20")
    assert newest["about"] == "27 ноября — Медиана: 1:05, 90 %: 3:20"
    assert (oldest["back_text"], oldest["about"]) == ("", "26 ноября — —")


def test_past_every_round_number_a_scale_ends_at_the_highest_value():
    plot = _waits((1, 2), (100_000, 200_000))

    assert plot.scale[0] == duration(200_000)
    assert plot.bars[0]["back"] == "100.00%"


def test_where_nothing_was_measured_nothing_is_drawn():
    assert _waits((None, None), (None, None)).bars == []


@pytest.mark.browser
@pytest.mark.parametrize(("period", "days"), [(1, 7), (7, 7), (30, 30)])
async def test_headings_name_the_days_that_plots_and_table_show(opens, period: int, days: int):
    page = await opens(f"/admin?days={period}")
    plot = page.get_by_role("list", name="Разговоры по дням")
    await expect(plot.get_by_role("listitem")).to_have_count(days)

    numbers = await plot.locator("li > div > div:last-child > span:first-child").all_inner_texts()

    for title in ("Разговоры по дням", "Первый ответ специалиста по дням", "По дням"):
        heading = page.get_by_role("heading", name=title).last
        await expect(heading).to_contain_text(re.compile(rf"\b{numbers[-1]}\b.*\b{numbers[0]} "))
    await expect(page.get_by_text("Числа и причины — за сегодня")).to_have_count(1 if period == 1 else 0)


@pytest.mark.browser
async def test_a_plot_shows_its_values_and_reads_them_aloud(opens):
    page = await opens("/admin?days=30", viewport=browsers.PHONE)
    plot = page.get_by_role("list", name="Разговоры по дням")
    today = plot.get_by_role("listitem").first

    await expect(today).to_contain_text("— Ответил ассистент: 2, Разговоры: 4")
    await plot.scroll_into_view_if_needed()
    await expect(today.get_by_text("4", exact=True)).to_be_in_viewport()
    heights = [await bar.evaluate("bar => bar.offsetHeight") for bar in await today.locator("[style*=height]").all()]
    assert heights[0] == 2 * heights[1] > 0
    # A part drawn on its whole would read as a stack of both.
    whole, part = [await bar.bounding_box() for bar in await today.locator("[style*=height]").all()]
    assert whole
    assert part
    assert whole["x"] + whole["width"] <= part["x"] + 0.5
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
