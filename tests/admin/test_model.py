"""Administrators read which language model answers, or that none is connected."""

import pytest
from playwright.async_api import Browser, expect

from tests import browser as browsers
from tests.admin.conftest import LOGIN


@pytest.mark.browser
async def test_without_a_model_the_page_says_so_and_which_settings_connect_one(opens):
    page = await opens("/admin/assistant")

    panel = page.locator("[data-models='0']")
    await expect(panel).to_contain_text("Модель не подключена: ассистент только цитирует базу знаний.")
    for setting in ("VINK_YANDEX_API_KEY", "VINK_YANDEX_FOLDER_ID", "VINK_OPENAI_BASE_URL", "VINK_OPENAI_MODEL"):
        await expect(panel).to_contain_text(setting)
    await expect(panel).to_contain_text("Роль, правила")


@pytest.mark.browser
async def test_a_connected_model_is_named_and_its_key_is_told_to_nobody(make_server, browser: Browser):
    keys = {"VINK_YANDEX_API_KEY": "AQVN-secret-1", "VINK_OPENAI_API_KEY": "sk-secret-2"}
    more = {
        "VINK_ADMIN_LOGIN": LOGIN["login"],
        "VINK_ADMIN_PASSWORD": LOGIN["password"],
        "VINK_YANDEX_FOLDER_ID": "b1g-folder",
        "VINK_YANDEX_MODEL": "yandexgpt/rc",
        "VINK_OPENAI_BASE_URL": "http://robot:secret-3@127.0.0.1:9/v1",
        "VINK_OPENAI_MODEL": "qwen3:8b",
    }
    server = make_server(keys | more)
    server.start_now()
    page = await browsers.new_page(browser)
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))

    await page.context.request.post(f"{server.url}/auth/sign-in", form=LOGIN)
    await page.goto(f"{server.url}/admin/assistant")

    panel = page.locator("[data-models='2']")
    await expect(panel.get_by_role("listitem")).to_have_text(["YandexGPT: yandexgpt/rc", "127.0.0.1: qwen3:8b"])
    await expect(panel).not_to_contain_text("не подключена")
    assert any("qwen3" in frame for frame in heard)
    assert not any("secret" in frame for frame in heard)
