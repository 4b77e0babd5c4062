"""What becomes of texts on both pages."""

import pytest

from vink_chat.pages.shared.markup import from_markdown, from_typed


def test_an_address_in_code_stays_as_it_was_written():
    assert from_markdown("Запрос: `https://a.example/b`.") == "<p>Запрос: <code>https://a.example/b</code>.</p>\n"
    assert from_markdown("```\nhttps://a.example\n```") == "<pre><code>https://a.example\n</code></pre>\n"


def test_an_address_beside_code_is_still_a_link():
    html = from_markdown("`код` https://a.example/b и `ещё`")
    assert '<a href="https://a.example/b"' in html
    assert html.count("<code>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "**важно** _срочно_ `код`",
        "1. раз\n2. два",
        "# не заголовок",
        "[имя](javascript:alert(1))",
        "a\tb  c",
        "5 * 3 * 2",
    ],
)
def test_a_colleagues_signs_stay_as_they_were_typed(text: str):
    assert from_typed(text) == text.replace("\n", "<br>")


def test_a_colleagues_addresses_can_be_clicked_and_nothing_else_is_a_tag():
    html = from_typed(
        'См. https://a.example/b?c=1&d=2", (http://b.example/) <img src=x onerror=alert(1)>\nи www.c.example'
    )

    assert '<a href="https://a.example/b?c=1&amp;d=2" target="_blank" rel="noopener noreferrer nofollow">' in html
    assert '(<a href="http://b.example/" target="_blank"' in html
    assert "&lt;img src=x onerror=alert(1)&gt;<br>и www.c.example" in html
    assert html.count("<a ") == 2
