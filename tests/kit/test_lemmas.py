"""What the dictionary says of a word and of its forms, told from either end."""

import itertools
from typing import Any

import pymorphy3

from vink_chat.kit import lemmas


def _words(beginning: str) -> list[str]:
    known: Any = pymorphy3.MorphAnalyzer(lang="ru").dictionary.words
    return [word.replace("ё", "е") for word in itertools.islice(known.iterkeys(beginning), 0, 4000, 7)]


def test_a_word_has_exactly_the_forms_that_lead_back_to_it():
    for word in {word for beginning in ("бе", "ид", "ле", "на", "пл", "ше", "ел") for word in _words(beginning)}:
        for lemma in lemmas.normal_forms(word):
            assert word in lemmas.forms(lemma)
        for form in lemmas.forms(word):
            assert word in lemmas.normal_forms(form)


def test_a_word_that_is_not_in_the_dictionary_has_no_forms():
    assert lemmas.forms("абырвалг") == frozenset()
    assert lemmas.forms("48213") == frozenset()


def test_a_form_that_is_no_dictionary_form_has_none_of_its_own():
    assert lemmas.forms("накладными") == frozenset()
    assert {"плен", "пленом"} < lemmas.forms("плен")
    assert "пленок" in lemmas.forms("пленка")
    assert {"шел", "идти", "шедшая"} < lemmas.forms("идти")
