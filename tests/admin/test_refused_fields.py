"""What is refused of a form is said beside its field, which has the cursor; what was typed stays."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests import browser as browsers
from vink_chat import preferences
from vink_chat.knowledge import errors
from vink_chat.pages.admin import plans


async def _saves(page: Page, section: str) -> None:
    await page.locator(f"#form-{section}").get_by_role("button", name="Сохранить").click()


async def _carries(field: Locator, sentence: str) -> None:
    """Check that a field says why it was refused, and has the cursor."""
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(sentence)
    await expect(field).to_be_focused()
    await expect(field.page.locator("[data-wrong]")).to_have_count(1)


@pytest.mark.browser
async def test_a_refused_value_is_said_under_its_field_until_the_section_is_saved(opens):
    page = await opens("/admin/assistant")
    field, name = page.locator("[name='assistant.temperature']"), page.locator("[name='assistant.name']")
    before, named = await field.input_value(), await name.input_value()

    await name.fill("Вика")
    await field.fill("2")
    await _saves(page, "assistant")
    hint = await page.locator("[id='assistant.temperature-hint']").inner_text()
    await _carries(field, f"Поле «Температура»: не больше 1. {hint}")
    await expect(name).to_have_value("Вика")
    await browsers.assert_accessible(page)
    await field.fill(before)
    await name.fill(named)
    await _saves(page, "assistant")

    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await expect(page.locator("[data-wrong]")).to_have_count(0)
    await expect(field).to_have_attribute("aria-invalid", "false")


@pytest.mark.browser
@pytest.mark.parametrize("size", [browsers.DESKTOP, browsers.PHONE])
async def test_an_emptied_number_is_to_be_filled_in_and_no_notice_covers_the_form(opens, size):
    page = await opens("/admin/handover", viewport=size)
    field = page.locator("[name='limits.visitor_per_minute']")

    await field.fill("")
    await _saves(page, "limits")

    await _carries(field, "Поле «Сообщений в минуту от посетителя»: заполните его.")
    assert await page.get_by_text("заполните его").count() == 2
    save = page.locator("#form-limits").get_by_role("button", name="Сохранить")
    notice = await page.get_by_role("alert").filter(has_text="заполните").bounding_box()
    assert notice
    assert notice["height"] <= 1
    await field.fill("30")
    await save.click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await save.click(timeout=3000)


@pytest.mark.browser
async def test_refused_once_more_the_field_has_the_cursor_once_more(opens):
    page = await opens("/admin/handover")
    field = page.locator("[name='handover.promised_hours']")

    for value in ("0", "-1"):
        await field.fill(value)
        await page.locator("[name='handover.words']").focus()
        await _saves(page, "handover")
        await _carries(field, "Поле «Обещанный ответ, часов»: не меньше 1.")
        await expect(field).to_have_value(value)


@pytest.mark.browser
@pytest.mark.parametrize("size", [browsers.DESKTOP, browsers.PHONE])
async def test_the_sentence_is_in_sight_and_nothing_lies_over_it(opens, size: dict[str, int]):
    page = await opens("/admin/canned", viewport=size)
    shortcuts = page.get_by_label("Сокращение")
    await expect(shortcuts.first).to_be_visible()

    await shortcuts.last.fill(await shortcuts.first.input_value())
    await _saves(page, "canned")

    sentence = page.locator("[data-wrong]")
    await expect(sentence).to_be_in_viewport(ratio=1)
    # A hover waits until the sentence is what lies uppermost there.
    await sentence.hover()


@pytest.mark.browser
async def test_in_a_list_of_lines_the_refused_line_is_marked(opens):
    page = await opens("/admin/handover")
    field = page.locator("[name='hours.holidays']")

    await field.fill("2027-01-07\n\nкогда-нибудь\n2027-01-01")
    await _saves(page, "hours")

    await expect(field).to_be_focused()
    marked = await field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert marked == "когда-нибудь"


@pytest.mark.browser
async def test_a_refused_week_day_carries_its_sentence(opens):
    page = await opens("/admin/handover")

    await page.get_by_label("Понедельник", exact=True).check()
    await page.get_by_label("Понедельник: открытие").fill("12:00")
    await page.get_by_label("Понедельник: закрытие").fill("10:00")
    await _saves(page, "hours")

    sentence = "Поле «Рабочая неделя, Понедельник»: время закрытия должно быть позже времени открытия."
    await _carries(page.get_by_label("Понедельник: закрытие"), sentence)


@pytest.mark.browser
async def test_a_refused_row_carries_its_sentence_wherever_it_was_moved(opens):
    page = await opens("/admin/canned")
    texts = page.get_by_label("Текст")
    moved = await texts.first.input_value()

    await page.get_by_role("button", name="Ниже").first.click()
    await expect(texts.nth(1)).to_have_value(moved)
    await texts.nth(1).fill("")
    await _saves(page, "canned")

    await _carries(texts.nth(1), "Поле «Готовые ответы, № 2, Текст»: заполните его, знаков не меньше 1.")


@pytest.mark.browser
async def test_a_list_that_is_refused_as_a_whole_says_so_under_its_rows(opens):
    page = await opens("/admin/canned")
    shortcuts = page.get_by_label("Сокращение")

    await shortcuts.nth(1).fill(await shortcuts.first.input_value())
    await _saves(page, "canned")

    await expect(page.locator("[data-wrong]")).to_have_text("Поле «Готовые ответы»: сокращения не должны повторяться.")
    await expect(page.locator("[id='canned.replies']")).to_be_focused()


@pytest.mark.browser
async def test_a_refused_article_carries_its_sentence_and_loses_nothing(opens):
    page = await opens("/admin/knowledge?edit=new")

    await page.get_by_label("Вопрос", exact=True).fill("Режете ли вы фанеру?")
    await page.get_by_label("Ответ", exact=True).fill("Нет.")
    await page.get_by_label("Ссылка «подробнее»").fill("нет такой")
    await page.get_by_role("button", name="Сохранить").click()

    await _carries(page.get_by_label("Ссылка «подробнее»"), errors.NotAnAddress().say())
    await expect(page.get_by_label("Ответ", exact=True)).to_have_value("Нет.")


@pytest.mark.browser
async def test_a_refused_name_of_a_colleague_carries_its_sentence(opens):
    page = await opens("/admin/operators")

    await page.get_by_label("Имя", exact=True).fill("и" * 81)
    await page.get_by_role("button", name="Создать приглашение").click()

    await _carries(page.get_by_label("Имя", exact=True), "Имя: от 1 до 80 знаков в одну строку.")
    await expect(page.get_by_label("Имя", exact=True)).to_have_value("и" * 81)
    await expect(page.locator("[data-person]").filter(has_text="и" * 20)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("temperature",), ("assistant.temperature", 0)),
        (("rules", 3), ("assistant.rules", 4)),
        (("examples",), ("assistant.examples", 0)),
        (("examples", 1), ("assistant.examples.question.b", 0)),
        (("examples", 1, "answer"), ("assistant.examples.answer.b", 0)),
    ],
)
def test_a_path_into_a_section_leads_to_the_name_of_a_field(path: tuple[int | str, ...], place: tuple[str, int]):
    form = {f"assistant.examples.{name}.{key}": "" for key in "ab" for name in ("question", "answer")}

    assert plans.ASSISTANT.field_at(path, form) == place


def test_a_path_to_a_line_of_a_row_leads_to_that_row_and_line():
    form = {f"popular_questions.groups.{name}.{key}": "" for key in "ab" for name in ("title", "questions")}

    place = plans.QUESTIONS.field_at(("groups", 1, "questions", 2), form)

    assert place == ("popular_questions.groups.questions.b", 3)


def test_a_time_that_was_left_empty_has_a_field_of_its_own():
    form = {"hours.zone": "Europe/Moscow", "hours.week.monday.closes": "18:00"}

    with pytest.raises(preferences.InvalidPreference) as refused:
        preferences.validated(preferences.Hours, **plans.HOURS.values(form))

    assert plans.HOURS.field_at(refused.value.path, form) == ("hours.week.monday.opens", 0)
