"""What one message may cost the search is bounded, whatever it is made of."""

import random

import pytest

from vink_chat import knowledge
from vink_chat.kit import lemmas, letters
from vink_chat.kit.db import Database


def hostile(alphabet: str, longest: int) -> str:
    dice = random.Random(7)
    return "? ".join("".join(dice.choice(alphabet) for _ in range(longest)) for _ in range(2000))[:4000]


@pytest.mark.parametrize(("alphabet", "longest"), [("cyxj", 31), ("cyxj", 19), ("aeiklmnoprst", 8), ("абвгдежз", 8)])
async def test_the_dictionary_is_asked_for_few_of_a_texts_words(demo: Database, alphabet: str, longest: int):
    async with demo.reading() as tx:
        # The articles are read once, and not for this text.
        await knowledge.search(tx, "Есть акрил?")
        lemmas.readings.cache_clear()

        await knowledge.search(tx, hostile(alphabet, longest))

    assert lemmas.readings.cache_info().misses < 500


def test_of_a_very_long_text_the_questions_the_beginning_and_the_end_are_read():
    said = " ".join(f"Предложение номер {number}." for number in range(300))
    found = letters.pieces(f"Есть акрил? {said} А доставка?"[:8000])

    assert len(found) == 8
    assert {"Есть акрил?", "А доставка?"} <= {piece.strip() for piece in found}
    assert any("номер 0." in piece for piece in found)
    assert found[-1].endswith("А доставка?")


def test_a_word_too_long_to_be_one_is_not_spelled():
    assert letters.russian_spellings("c" * 31) == ["c" * 31]
    assert "баннер" in letters.russian_spellings("banner")
