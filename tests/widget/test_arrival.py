"""Operators read where a visitor came from: the page they are on, the page before the shop, the advertisement."""

import pytest
from playwright.async_api import Browser, expect

from tests.makers import Visitor
from tests.program import Server
from tests.widget.conftest import administrator
from tests.widget.shopper import Shopper
from tests.widget.site import Site
from vink_chat import conversations


@pytest.mark.parametrize(
    ("address", "campaign"),
    [
        ("https://shop.example/?utm_source=yandex&utm_medium=cpc", "source=yandex, medium=cpc"),
        ("https://shop.example/?utm_content=3&a=1&utm_source=%D1%81%D0%B0%D0%B9%D1%82", "source=сайт, content=3"),
        ("https://shop.example/?utm_source=", ""),
        ("https://shop.example/", ""),
        ("https://[", ""),
        ("https://shop.example/?" + "a=1&" * 400, ""),
        ("https://shop.example/?utm_source=a%0Ab%00", "source=a b"),
        (None, ""),
    ],
)
def test_the_tags_of_an_address_are_written_as_people_read_them(address: object, campaign: str):
    assert conversations.campaign_of(address) == campaign


async def test_a_conversation_keeps_where_its_visitor_came_from(any_database):
    anna = Visitor()

    await anna.writes(
        "Здравствуйте", context=conversations.VisitorContext(referrer="https://ya.ru/", campaign="source=yandex")
    )

    conversation = await anna.conversation()
    assert (conversation.referrer, conversation.campaign) == ("https://ya.ru/", "source=yandex")


@pytest.mark.browser
async def test_the_site_page_the_referrer_and_the_tags_of_the_first_page_reach_the_operator(
    browser: Browser, staffed: Server, staffed_site: Site
):
    landing = staffed_site.page("/landing")
    staffed_site.page("/film")
    with Site(staffed.url) as search:
        entry = search.page(
            head='<meta name="referrer" content="unsafe-url">',
            body=f'<a href="{landing}?utm_source=yandex&utm_campaign=zima">Магазин</a>',
        )
        one = await Shopper.at(browser, entry, chat_url=staffed.url)
        await one.page.get_by_role("link", name="Магазин").click()
        await one.loaded()
        # The visitor looks around before they ask.
        await one.page.goto(f"{staffed_site.url}/film")
        await one.loaded()
        await one.open()
        await one.ask("Позовите живого человека: я из Твери")

        desk = await administrator(staffed, browser, "/desk")
        await desk.get_by_role("button").filter(has_text="я из Твери").first.click()

        column = desk.get_by_role("complementary", name="Посетитель")
        await expect(column).to_contain_text(f"{staffed_site.url}/film")
        await expect(column).to_contain_text(f"{search.url}/")
        await expect(column).to_contain_text("source=yandex, campaign=zima")


@pytest.mark.browser
async def test_the_hosted_page_tells_the_same_of_itself(browser: Browser, staffed: Server, staffed_site: Site):
    link = f'<a href="{staffed.url}/?utm_source=vk">Чат</a>'
    one = await Shopper.at(browser, staffed_site.page("/to-chat", body=link), chat_url=staffed.url)
    await one.page.get_by_role("link", name="Чат").click()
    await expect(one.page.locator("[data-chat=true]")).to_be_visible()
    box = one.page.get_by_role("textbox", name="Сообщение")
    await box.fill("Позовите живого человека: я из Перми")
    await box.press("Enter")
    await expect(one.page.locator("[data-message][data-who=visitor]")).to_have_count(1)

    desk = await administrator(staffed, browser, "/desk")
    await desk.get_by_role("button").filter(has_text="я из Перми").first.click()

    column = desk.get_by_role("complementary", name="Посетитель")
    await expect(column).to_contain_text(f"{staffed_site.url}/")
    await expect(column).to_contain_text("source=vk")
