"""Administrators choose how the bot works, and read that there is none."""

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser


async def _saves(page: Page) -> None:
    await page.locator("#form-telegram").get_by_role("button", name="Сохранить").click()


async def test_without_a_token_the_page_says_so_and_the_group_can_be_saved_beforehand(opens):
    page = await opens("/admin/telegram")
    await expect(page.locator("[data-bot]")).to_contain_text("Токен бота не задан")
    await expect(page.get_by_text("вебхук не включится")).to_be_visible()
    group = page.get_by_label("Номер группы операторов")
    await expect(group).to_have_value("")

    await page.get_by_label("Отдельная тема группы").check()
    await _saves(page)
    await expect(page.locator("[data-wrong]").filter(has_text="для тем укажите номер группы")).to_be_visible()
    await group.fill("1001234567890")
    await _saves(page)
    await expect(page.locator("[data-wrong]").filter(has_text="нужно число меньше 0")).to_be_visible()
    await group.fill("-1001234567890")
    await _saves(page)
    await expect(page.get_by_text("Сохранено")).to_be_visible()

    other = await opens("/admin/telegram")
    await expect(other.get_by_label("Номер группы операторов")).to_have_value("-1001234567890")
    await expect(other.get_by_label("Отдельная тема группы")).to_be_checked()


async def test_a_group_is_taken_away_again_by_leaving_the_field_empty(opens):
    page = await opens("/admin/telegram")
    group = page.get_by_label("Номер группы операторов")

    await group.fill("-1005")
    await _saves(page)
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await page.reload()
    await page.get_by_label("Отдельная тема группы").uncheck()
    await group.fill("  ")
    await _saves(page)
    await expect(page.get_by_text("Сохранено")).to_be_visible()

    await page.reload()
    await expect(group).to_have_value("")
