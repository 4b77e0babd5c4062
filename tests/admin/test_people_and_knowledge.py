"""Administrators let people in and out, and tell the assistant what it may rely on."""

import json
import re

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests import browser as browsers
from tests.admin.test_leaving import PEOPLE
from tests.wire import Wire

pytestmark = pytest.mark.browser

PAIRS = "\n".join(
    json.dumps({"request": [{"role": "user", "text": question}], "response": answer}, ensure_ascii=False)
    for question, answer in (
        ("Есть ли у вас зеркальный акрил?", "Да, толщиной 2 и 3 мм."),
        ("Продаёте ли вы гвозди?", "Гвоздей у нас нет."),
    )
)


async def _invited(page: Page, name: str) -> str:
    await page.get_by_label("Имя", exact=True).fill(name)
    await page.get_by_role("button", name="Создать приглашение").dblclick()
    return await page.locator("[data-link]").inner_text()


async def test_who_is_invited_comes_in_once_and_is_out_when_the_account_is_disabled(shop, opens, browser: Browser):
    page = await opens("/admin/operators")
    link = await _invited(page, "Ольга")
    assert link.startswith(f"{shop.url}/welcome?token=")
    await expect(page.get_by_label("Имя", exact=True)).to_have_value("")
    await expect(page.locator("[data-person='Ольга']")).to_have_count(1)

    guest = await browsers.new_page(browser)
    await guest.goto(link)
    await guest.get_by_label("Логин").fill("olga")
    await guest.get_by_label("Пароль").fill("olga-secret-1")
    await guest.get_by_role("button", name="Создать учётную запись").click()
    await guest.wait_for_url(re.compile("/desk"), wait_until="commit")
    await guest.goto(f"{shop.url}/admin/assistant")
    await expect(guest.get_by_role("heading", name="Недостаточно прав.")).to_be_visible()

    await page.reload()
    await expect(page.locator("[data-link]")).to_have_count(0)
    olga = page.locator("[data-person='Ольга']")
    await olga.get_by_role("button", name="Где вошёл: Ольга").click()
    await expect(olga.locator("[data-sessions] li")).to_have_count(1)
    await olga.get_by_role("button", name="Сделать администратором: Ольга").click()
    question = olga.get_by_role("alertdialog")
    await expect(question).to_contain_text("Дать эти права?")
    await question.get_by_role("button", name="Отмена").click()
    await expect(olga).to_contain_text("Оператор · olga")
    await olga.get_by_role("button", name="Отключить: Ольга").click()
    await expect(question).to_contain_text("Отключить: Ольга? Сеансы завершатся сразу.")
    await question.get_by_role("button", name="Отключить", exact=True).click()
    await expect(olga).to_contain_text("Отключён")

    await guest.goto(f"{shop.url}/admin/assistant")
    await guest.wait_for_url(re.compile("/sign-in"), wait_until="commit")


async def test_administrators_are_offered_nothing_against_themselves(opens):
    page = await opens("/admin/operators")
    own = page.locator("[data-person='boss']")

    await expect(own).to_contain_text("Администратор · boss")
    await expect(own.get_by_role("button", name="Где вошёл: boss")).to_be_visible()

    await expect(own.get_by_role("button", name="Отключить")).to_have_count(0)
    await expect(own.get_by_role("button", name="Сделать оператором")).to_have_count(0)


async def test_administrators_do_not_take_their_own_rights_away(shop, session):
    async with Wire(shop.url, cookie=session, path="/admin/operators") as wire:
        await wire.until(lambda: wire.shown.get(PEOPLE, {}).get("people"), "the accounts")
        own = next(person["id"] for person in wire.shown[PEOPLE]["people"] if person["name"] == "boss")

        for number, handler in enumerate(("set_role", "disable"), 1):
            await wire.call(f"{PEOPLE}.{handler}", {"operator": own, **({"role": "operator"} if number == 1 else {})})
            await wire.until(lambda: wire.shown[PEOPLE].get("refusal_number") == number, "the refusal")  # noqa: B023
            assert wire.shown[PEOPLE]["refusal"].startswith("Свои права и доступ нельзя изменить самому")

        await wire.call(f"{PEOPLE}.show_sessions", {"operator": own})
        await wire.until(lambda: wire.shown[PEOPLE].get("sessions"), "the sessions, as an administrator sees them")


async def test_pasted_pairs_are_found_and_bad_lines_are_told(opens):
    page = await opens("/admin/knowledge")

    await page.get_by_label("Или вставьте строки JSONL сюда").fill(f"{PAIRS}\nне JSON")
    await page.get_by_role("button", name="Добавить в базу").click()

    await expect(page.get_by_role("status").filter(has_text="Добавлено: 2")).to_be_visible()
    await expect(page.locator("[data-bad]")).to_contain_text("Строка 3: Строка не читается как JSON.")
    await page.get_by_label("Поиск по статьям").fill("зеркальный")
    await page.get_by_role("button", name="Найти").click()
    await expect(page.get_by_role("heading", name="Статьи: 1")).to_be_visible()
    await expect(page.get_by_role("link", name="Есть ли у вас зеркальный акрил?")).to_be_visible()


async def test_an_import_is_undone_after_a_question(opens):
    page = await opens("/admin/knowledge")
    pair = json.dumps({"request": [{"role": "user", "text": "Гравируете ли вы латунь?"}], "response": "Нет."})
    await page.get_by_label("Или вставьте строки JSONL сюда").fill(pair)
    await page.get_by_role("button", name="Добавить в базу").click()
    newest = page.locator("[data-imports] li").first
    await expect(newest).to_contain_text("boss · добавлено: 1, обновлено: 0")

    await newest.get_by_role("button", name="Отменить загрузку").click()
    question = newest.get_by_role("alertdialog")
    await expect(question).to_contain_text("Что правили после загрузки, останется.")
    await question.get_by_role("button", name="Отменить загрузку").click()

    await expect(page.get_by_role("status").filter(has_text="Загрузка отменена. Удалено: 1")).to_be_visible()
    await expect(newest).to_contain_text("Отменена")
    await expect(page.get_by_role("link", name="Гравируете ли вы латунь?")).to_have_count(0)


async def test_a_file_is_taken_in_and_given_out_again(shop, session, opens):
    page = await opens("/admin/knowledge")

    line = json.dumps({"request": [{"role": "user", "text": "Что такое оракал?"}], "response": "Плёнка."})
    await page.set_input_files(
        "[name=file]", {"name": "pairs.jsonl", "mimeType": "text/plain", "buffer": f"{line}\n{{}}".encode()}
    )
    await page.get_by_role("button", name="Загрузить файл").click()

    await expect(page.get_by_role("status").filter(has_text="Добавлено: 1")).to_be_visible()
    await expect(page.locator("[data-bad]")).to_contain_text("Строка 2: В строке нет списка")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Скачать базу знаний").click()
    text = (await (await downloading.value).path()).read_text(encoding="utf-8")
    assert "Что такое оракал?" in [json.loads(one)["request"][-1]["text"] for one in text.splitlines()]


async def test_an_article_is_written_switched_off_and_removed(opens):
    page = await opens("/admin/knowledge?edit=new")
    await page.get_by_label("Вопрос", exact=True).fill("Режете ли вы стекло?")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.locator("[data-wrong]").filter(has_text="Напишите ответ.")).to_be_visible()
    await page.get_by_label("Ответ", exact=False).first.fill("Нет, только пластики.")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()

    await page.get_by_label("Ассистент использует статью: Режете ли вы стекло?").click()
    await page.get_by_role("link", name="Режете ли вы стекло?").click()
    await expect(page.get_by_label("Вопрос", exact=True)).to_have_value("Режете ли вы стекло?")
    assert not await page.get_by_label("Ассистент использует статью: Режете ли вы стекло?").is_checked()
    await page.get_by_role("button", name="Удалить статью").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Удалить статью").click()

    await expect(page.get_by_text("Статья удалена")).to_be_visible()
    await expect(page.get_by_role("link", name="Режете ли вы стекло?")).to_have_count(0)


async def test_an_article_saved_by_a_double_click_is_stored_once(opens):
    page = await opens("/admin/knowledge?edit=new")
    await page.get_by_label("Вопрос", exact=True).fill("Гнёте ли вы акрил?")
    await page.get_by_label("Ответ", exact=False).first.fill("Да.")
    await page.get_by_role("button", name="Сохранить").dblclick()

    await expect(page.get_by_text("Сохранено")).to_be_visible()
    await expect(page.get_by_role("link", name="Гнёте ли вы акрил?")).to_have_count(1)

    await page.goto(page.url)
    await page.get_by_label("Вопрос", exact=True).fill("гнёте ли вы  акрил?")
    await page.get_by_label("Ответ", exact=False).first.fill("Нет.")
    await page.get_by_role("button", name="Сохранить").click()
    wrong = page.locator("[data-wrong]").filter(has_text="уже отвечает статья «Гнёте ли вы акрил?»")
    await expect(wrong).to_be_visible()


async def test_files_are_for_administrators_and_from_our_own_pages_only(shop, session):
    file = {"file": ("pairs.jsonl", PAIRS)}
    cookies = {"vink_session": session}
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as client:
        anonymous = [
            await client.get("/admin-files/knowledge.jsonl"),
            await client.post("/admin-files/knowledge", files=file),
        ]
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False, cookies=cookies) as client:
        elsewhere = await client.post(
            "/admin-files/knowledge", files=file, headers={"Origin": "https://elsewhere.example"}
        )

    assert [answer.status_code for answer in anonymous] == [401, 401]
    assert elsewhere.status_code == 403
