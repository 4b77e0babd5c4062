"""Links lead where the owner's texts and sites lead, or they are text."""

import re
import time
from urllib.parse import urlsplit

import pytest

from vink_chat.kit import links
from vink_chat.pages.shared.markup import from_markdown

OURS = links.Trusted(
    hosts=frozenset({"vink.ru"}),
    texts=("Каталог: https://cdn.example/price.pdf (PDF). Пишите: info@vink.ru, звоните 8 (800) 555-35-35.",),
)


@pytest.mark.parametrize(
    "text",
    [
        "Подробнее: https://vink.ru/delivery и https://www.vink.ru/pay/?a=1#b.",
        "Вот [прайс](https://cdn.example/price.pdf), или <https://cdn.example/price.pdf>.",
        "[Напишите](mailto:info@vink.ru) или [позвоните](tel:+78005553535).",
        "Пишите на info@vink.ru, звоните +7 800 555-35-35 или 8 (800) 555-35-35.",
        "Без ссылок: 2 < 3, [см. каталог], a@b.",
        "`https://evil.example` как пример.",
    ],
)
def test_our_own_links_stay_as_they_are(text: str):
    assert links.confined(text, OURS.allows) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/pay",
        "[Оплатить](https://evil.example/pay)",
        "[https://vink.ru/pay](https://evil.example/pay)",
        "<https://evil.example/pay>",
        "[Оплатить](<https://evil.example/pay>)",
        '[Оплатить](https://evil.example/pay "Винк")',
        "[Оплатить][1]\n\n[1]: https://evil.example/pay",
        "[Оплатить]\n\n[Оплатить]: https://evil.example/pay",
        "[Оплатить](https://vink.ru@evil.example/pay)",
        "[Оплатить](https://evil.example\\@vink.ru/pay)",
        "[Оплатить](//evil.example/pay)",
        "[Оплатить](/desk)",
        "[Оплатить](https://vink.ru.evil.example/x)",
        "[Оплатить](https://vink.ru-evil.example/)",
        "[Оплатить](https://cdn.example/other.pdf)",
        "[Напишите](mailto:evil@evil.example)",
        "[Напишите](mailto:info@vink.ru.evil.example)",
        "[Позвоните](tel:+79990000000)",
        "[Позвоните](tel:35)",
        "![картинка](https://evil.example/a.png) и [так](https://evil.example/(a))",
        "[a [вложено](https://evil.example/1) b](https://evil.example/2)",
        "1. [Оплатить](https://evil.example/pay)\n2. https://evil.example/2",
        "| a |\n|---|\n| https://evil.example/3 |",
        "HTTPS://EVIL.example/pay и hTTps://evil.example/x",
        "Звоните +7 999 111-22-33.",
        "Звоните 8 (999) 111-22-33, +7(999)1112233",
        "Пришлите номер карты на refund@evil.example.",
        "<refund@evil.example>",
        "[q\nw](http://evil.example/1) \\[Оформить\nвозврат\\](http://evil.example/x)",
        "[q][1] \\\\[a\nb\\\\](http://evil.example/x)\n\n[1]: http://evil.example/2",
        "`[q\nw](http://evil.example/1) `` \\[a\nb\\](http://evil.example/x) `",
    ],
)
def test_a_foreign_link_is_text(text: str):
    shown = links.confined(text, OURS.allows)

    led = [urlsplit(target) for target in re.findall('href="([^"]*)"', from_markdown(shown))]
    assert {parts.netloc for parts in led} <= {"vink.ru"}
    assert ("evil.example" in shown) == ("evil.example" in text)


def test_our_own_links_survive_beside_foreign_ones():
    text = "Смотрите [доставку](https://vink.ru/delivery), не [сюда](https://evil.example/x)."

    assert (
        links.confined(text, OURS.allows)
        == "Смотрите [доставку](https://vink.ru/delivery), не сюда (`https://evil.example/x`)."
    )


@pytest.mark.parametrize("piece", ["[", "](", "[a](", "<https:", "https://a", "`", "[[a]](b)", "![", "[a]: b\n"])
def test_no_text_costs_more_than_its_length(piece: str):
    def cost(letters: int) -> float:
        text = piece * (letters // len(piece))
        begun = time.process_time()
        links.confined(text, OURS.allows)
        return time.process_time() - begun

    cost(1000)
    assert cost(8000) < 0.5
