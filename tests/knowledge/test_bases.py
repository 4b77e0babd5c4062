"""The knowledge bases of other trades in ``bench/bases`` are what their README says."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

BASES = Path(__file__).parents[2] / "bench" / "bases"
TRADES = sorted(path.name for path in BASES.iterdir() if path.is_dir())

ARTICLES = 60
# How many questions there are of a kind, or of several kinds together.
COUNTS = {
    ("plain",): 15,
    ("own_words",): 25,
    ("long",): 15,
    ("typo",): 10,
    ("two",): 5,
    ("jargon",): 10,
    ("follow",): 20,
    ("switch",): 5,
    ("none", "off_topic"): 25,
    ("person", "own_order"): 12,
    ("smalltalk",): 8,
}
DIALOGUES = {"follow", "switch"}
# What is expected of questions that no article answers.
OUTCOMES = {
    "none": "none",
    "off_topic": "none",
    "person": "person",
    "own_order": "person",
    "smalltalk": "smalltalk",
}
COPIED_WORDS = 6

Row = dict[str, Any]


def _rows(trade: str, file: str) -> list[Row]:
    text = (BASES / trade / file).read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert "\ufffd" not in text
    assert "\ufeff" not in text
    assert unicodedata.is_normalized("NFC", text)
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("ё", "е"))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[start : start + COPIED_WORDS]) for start in range(len(words) - COPIED_WORDS + 1)}


def _texts(article: Row) -> list[str]:
    return [article["question"], article["answer"], *article.get("aliases", [])]


@pytest.fixture(params=TRADES)
def trade(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def articles(trade: str) -> list[Row]:
    return _rows(trade, "articles.jsonl")


@pytest.fixture
def questions(trade: str) -> list[Row]:
    return _rows(trade, "questions.jsonl")


def test_a_base_has_sixty_whole_articles(articles: list[Row]):
    assert len(articles) == ARTICLES
    for article in articles:
        assert {"id", "question", "answer", "tags"} <= article.keys() <= {"id", "question", "answer", "tags", "aliases"}
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", article["id"])
        for text in (*_texts(article), article["tags"]):
            assert text == text.strip() != ""
        assert article.get("aliases") != []


def test_no_two_articles_are_called_the_same(articles: list[Row]):
    assert _twice(article["id"] for article in articles) == []
    assert _twice(tuple(_words(article["question"])) for article in articles) == []


def test_no_two_questions_are_alike(questions: list[Row]):
    assert _twice(question["id"] for question in questions) == []
    assert _twice(tuple(tuple(_words(turn)) for turn in question["turns"]) for question in questions) == []


def test_every_kind_of_question_is_there_in_its_number(questions: list[Row]):
    kinds = Counter(question["kind"] for question in questions)

    assert kinds.keys() <= {kind for group in COUNTS for kind in group}
    assert {group: sum(kinds[kind] for kind in group) for group in COUNTS} == COUNTS


def test_only_dialogues_have_several_turns(questions: list[Row]):
    for question in questions:
        assert question.keys() == {"id", "turns", "expect", "kind"}
        assert len(question["turns"]) in ({2, 3} if question["kind"] in DIALOGUES else {1}), question["id"]
        assert all(turn == turn.strip() != "" for turn in question["turns"]), question["id"]


def test_what_a_question_expects_exists(articles: list[Row], questions: list[Row]):
    known = {article["id"] for article in articles}
    for question in questions:
        kind, expect = question["kind"], question["expect"]
        if kind in OUTCOMES:
            assert expect == OUTCOMES[kind], question["id"]
        elif isinstance(expect, str):
            assert kind in DIALOGUES, question["id"]
            assert expect in OUTCOMES.values(), question["id"]
        else:
            assert set(expect) <= known, question["id"]
            assert len(set(expect)) == len(expect) >= (2 if kind == "two" else 1), question["id"]


def test_no_question_copies_six_words_of_its_article(articles: list[Row], questions: list[Row]):
    runs = {article["id"]: set().union(*map(_runs, _texts(article))) for article in articles}

    copied = [
        (question["id"], expected, " ".join(run))
        for question in questions
        if isinstance(question["expect"], list)
        for expected in question["expect"]
        for turn in question["turns"]
        for run in _runs(turn) & runs[expected]
    ]

    assert copied == []


def _twice(things: Any) -> list[Any]:
    return [thing for thing, times in Counter(things).items() if times > 1]
