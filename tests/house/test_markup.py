"""What becomes of texts on both pages."""

import pytest

from vink_chat.pages.shared.markup import from_markdown, from_operator


def test_an_address_in_code_stays_as_it_was_written():
    assert from_markdown("Запрос: `https://a.example/b`.") == "<p>Запрос: <code>https://a.example/b</code>.</p>\n"
    assert from_markdown("```\nhttps://a.example\n```") == "<pre><code>https://a.example\n</code></pre>\n"


def test_an_address_beside_code_is_still_a_link():
    html = from_markdown("`код` https://a.example/b и `ещё`")
    assert '<a href="https://a.example/b"' in html
    assert html.count("<code>") == 2


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Цена **145 ₽**", "<p>Цена <strong>145 ₽</strong></p>"),
        ("- раз\n- два", "<ul>\n<li>раз</li>\n<li>два</li>\n</ul>"),
        ("раз\nдва", "<p>раз<br>\nдва</p>"),
        ("лист 3*2*1 м", "<p>лист 3*2*1 м</p>"),
        ("5 * 3 * 2", "<p>5 * 3 * 2</p>"),
        ("file_name_x", "<p>file_name_x</p>"),
        ("[имя](javascript:alert(1))", "<p>[имя](javascript:alert(1))</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
    ],
)
def test_an_operators_markdown_is_drawn_and_sizes_stay_sizes(text: str, html: str):
    assert from_operator(text).strip() == html


def test_addresses_can_be_clicked_and_nothing_else_is_a_tag():
    html = from_operator(
        'См. https://a.example/b?c=1&d=2", (http://b.example/) <img src=x onerror=alert(1)>\nи www.c.example'
    )

    assert 'href="https://a.example/b?c=1&amp;d=2"' in html
    assert 'href="http://b.example/"' in html
    assert html.count("<a ") == 2
    assert "<img" not in html


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Звоните: +7 495 000-11-22.", "tel:+74950001122"),
        ("Звоните: +7(495)0001122", "tel:+74950001122"),
        ("8 (800) 555-35-35 бесплатно", "tel:+78005553535"),
        ("Пишите на info@vink.ru.", "mailto:info@vink.ru"),
    ],
)
def test_a_number_and_a_mail_address_can_be_pressed(text: str, target: str):
    html = from_markdown(text)

    assert f'href="{target}"' in html
    assert html.count("<a ") == 1


@pytest.mark.parametrize(
    "text",
    [
        "Заказ 81234567890",
        "Счёт 40702810500000012345",
        "`+7 495 000-11-22`",
        "145 000 000 00",
        "ГОСТ 8 123-45",
        "user@host",
        "a@b@c.example",
    ],
)
def test_other_numbers_are_no_links(text: str):
    assert "<a " not in from_markdown(text)


def test_a_link_says_nothing_of_its_own_under_the_pointer():
    assert "title" not in from_markdown('[Каталог](https://a.example "Оплатите сейчас")')


def test_a_number_that_is_a_link_already_stays_one():
    html = from_markdown("[+7 495 000-11-22](tel:+74950001122), https://wa.me/+74950001122")

    assert html.count("<a ") == 2


def test_a_table_scrolls_in_a_frame_of_its_own():
    html = from_markdown("| a | b |\n|---|---|\n| 1 | 2 |")

    assert '<div class="wide" tabindex="0"><table>' in html
