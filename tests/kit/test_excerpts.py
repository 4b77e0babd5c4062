"""A few words of a longer text, as lists, cards and quotations show them."""

from vink_chat.kit.excerpts import cut, plain


def test_a_markdown_text_is_read_as_a_reader_sees_it():
    assert plain("**Да**, на [складе](https://a.example):\n\n- <i>плёнка</i> & 5 < 6\n- банер") == (
        "Да, на складе: <i>плёнка</i> & 5 < 6 банер"
    )
    assert plain("| Цвет | Цена |\n|---|---|\n| `белый` | 5 |\n\n```\nкод\n```\nи\nещё") == (
        "Цвет Цена белый 5 код и ещё"
    )


def test_what_is_cut_ends_after_a_word():
    assert cut("Да, на  складе:\nплёнка", 100) == "Да, на складе: плёнка"
    assert cut("Да, на складе: плёнка", 15) == "Да, на складе:…"
    assert cut("Да, на складе: плёнка", 20) == "Да, на складе:…"
    assert cut("Да, на складе: плёнка", 21) == "Да, на складе: плёнка"
    assert cut("а плёнкасамоклеящаяся", 10) == "а плёнкас…"
    assert cut("плёнкасамоклеящаяся", 10) == "плёнкасам…"
