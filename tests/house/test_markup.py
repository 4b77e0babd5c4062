"""What becomes of texts on both pages."""

from vink_chat.pages.shared.markup import from_markdown


def test_an_address_in_code_stays_as_it_was_written():
    assert from_markdown("Запрос: `https://a.example/b`.") == "<p>Запрос: <code>https://a.example/b</code>.</p>\n"
    assert from_markdown("```\nhttps://a.example\n```") == "<pre><code>https://a.example\n</code></pre>\n"


def test_an_address_beside_code_is_still_a_link():
    html = from_markdown("`код` https://a.example/b и `ещё`")
    assert '<a href="https://a.example/b"' in html
    assert html.count("<code>") == 2
