"""The administrators' pages stay easy to read: whatever a text's length, whatever stands under a field."""

import pytest
from playwright.async_api import Locator, expect

from tests import browser as browsers
from vink_chat.pages.admin import plans

pytestmark = pytest.mark.browser

_FIRST_TWO = [name for name in plans.HANDOVER.texts if "." not in name and name != "words"][:2]


async def _place(field: Locator) -> dict[str, float]:
    found = await field.bounding_box()
    assert found, "it is not drawn"
    return found


async def test_boxes_side_by_side_stand_on_one_line_though_one_is_refused(opens):
    page = await opens("/admin/handover")
    left, right = (page.locator(f"[name='handover.{name}']") for name in _FIRST_TWO)

    await left.fill("много")
    await page.locator("#form-handover").get_by_role("button", name="Сохранить").click()
    await expect(left).to_have_attribute("aria-invalid", "true")

    assert (await _place(left))["y"] == (await _place(right))["y"]
    assert (await _place(left))["x"] < (await _place(right))["x"]


async def test_a_field_is_as_high_as_its_text(opens):
    page = await opens("/admin/handover", viewport=browsers.PHONE)
    field = page.locator("[name='handover.notices.free']")

    await field.fill("строка\n" * 12)

    assert await field.evaluate("field => field.scrollHeight <= field.clientHeight")


async def test_on_a_phone_the_hours_of_a_day_stand_beside_each_other(opens):
    page = await opens("/admin/handover", viewport=browsers.PHONE)

    opens_at, closes_at = page.get_by_label("Вторник: открытие"), page.get_by_label("Вторник: закрытие")

    assert (await _place(opens_at))["y"] == (await _place(closes_at))["y"]


async def test_a_list_with_nothing_in_it_says_so(opens):
    page = await opens("/admin/knowledge?q=йцукенгшщзхъ")
    await expect(page.get_by_text("Статей не нашлось")).to_be_visible()

    page = await opens("/admin/work")
    await expect(page.locator("[data-work=running]")).to_contain_text("Сейчас таких нет.")
    await expect(page.locator("[data-work=failed]")).not_to_contain_text("Сейчас таких нет.")
