"""«Перезвонить» at the desk: a box of its own for who left contacts and went away."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, assert_accessible
from tests.desk.shop import Shop, desk
from vink_chat import conversations, handover
from vink_chat.conversations import Reason, visitors
from vink_chat.kit.db import Database

pytestmark = pytest.mark.browser


async def goes_away(shop: Shop, name: str, text: str) -> UUID:
    """Have somebody call, leave contacts, and close the page six minutes ago; the clock of the program sees it."""
    database, secret = Database(shop.database_url), conversations.new_secret()
    owner = conversations.visitor_id(secret)
    async with database.transaction() as tx:
        made = await conversations.receive(tx, secret, text)
        await handover.request(tx, await conversations.get(tx, made.conversation_id), Reason.BUTTON)
        await handover.leave_contacts(tx, owner, name, "+7 903 123-45-67", "olga@example.ru")
        card = await visitors.get(tx, owner)
        card.seen_at -= timedelta(minutes=6)
        tx.session.add(card)
    await database.close()
    return made.conversation_id


@pytest.mark.parametrize("view", ["wide", "phone"])
async def test_a_task_stands_in_its_box_and_is_taken_there(browser: Browser, staffed: Shop, view: str):
    name = f"Ольга {view}"
    oleg = await desk(browser, staffed, "oleg", **({"viewport": PHONE} if view == "phone" else {}))
    box = oleg.page.locator('[data-box="callback"]')
    await box.click()
    await expect(box).to_contain_text(re.compile(r"\d"))
    # Others may have left theirs before.
    known = int(re.findall(r"\d+", await box.inner_text())[0])
    if not known:
        await expect(oleg.page.get_by_text("Перезванивать никому не нужно")).to_be_visible()

    await goes_away(staffed, name, "Нужен счёт на 50 листов ПВХ")

    row = oleg.row(name)
    await expect(row).to_be_visible(timeout=30_000)
    await expect(row).to_contain_text("+7 903 123-45-67 · olga@example.ru")
    await expect(row).to_contain_text(re.compile(r"ждёт ответа с \d+:\d\d"))
    await expect(box).to_contain_text(str(known + 1))
    await oleg.box_of("Ожидают")
    await expect(oleg.row(name)).to_have_count(0)
    await box.click()
    await assert_accessible(oleg.page)
    await row.click()
    await oleg.button("Взять").click()
    await expect(oleg.button("Завершить")).to_be_visible()
    await expect(box).to_contain_text(str(known))
    await oleg.button("Завершить").click()
    oleg.watch.check()
