"""How well a base answers is counted from questions with what each should end with."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from vink_chat import evaluation, knowledge
from vink_chat.evaluation import command
from vink_chat.kit.db import Database

SCHOOL = Path(__file__).parents[2] / "bench" / "bases" / "school"

ARTICLES = [
    {"id": "parking", "question": "Есть ли парковка у склада?", "answer": "Парковка на 20 мест, въезд с улицы Ленина."},
    {"id": "returns", "question": "Как вернуть товар?", "answer": "Верните товар в течение 14 дней с чеком."},
    {"question": "Сколько стоит доставка?", "answer": "Доставка по городу стоит 500 ₽."},
]
QUESTIONS = [
    {"turns": ["есть ли парковка у склада"], "expect": ["parking"], "kind": "plain"},
    {"turns": ["Сколько стоит доставка?"], "expect": ["Сколько стоит доставка?"], "kind": "plain"},
    {"turns": ["вырастите мне кактус"], "expect": "none", "kind": "none"},
    {"turns": ["позовите оператора"], "expect": "person", "kind": "person"},
    {"turns": ["спасибо"], "expect": "smalltalk", "kind": "smalltalk"},
]


def _file(folder: Path, name: str, lines: list[dict[str, object]]) -> str:
    path = folder / name
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return [_file(tmp_path, "questions.jsonl", QUESTIONS), "--articles", _file(tmp_path, "articles.jsonl", ARTICLES)]


def test_a_base_of_its_own_is_asked_from_the_shell(files: list[str], capsys: pytest.CaptureFixture[str]):
    status = command.evaluate(command.parse([*files, "--json"]), "sqlite:///never-opened.db")

    report = json.loads(capsys.readouterr().out)
    assert status == 0
    assert report["all"]["questions"] == len(QUESTIONS)
    assert report["all"]["first"] == report["all"]["right"] == report["all"]["coverage"] == 1.0
    assert report["all"]["out_of_scope"] == report["all"]["mistaken_calls"] == 0.0
    assert report["all"]["person"] == 1.0
    assert set(report["kinds"]) == {"plain", "none", "person", "smalltalk"}
    assert not Path("never-opened.db").exists()


def test_who_is_asked_to_say_it_again_has_not_reached_a_person():
    case = evaluation.Case(("где мой заказ 4512",), evaluation.Expected.PERSON)
    ends = evaluation.Outcome.PERSON, evaluation.Outcome.UNSURE

    scores = evaluation.score([evaluation.Answer(case, end, (), 0.0, 1.0) for end in ends])

    assert scores.person == 0.5


def test_a_table_names_each_group_and_all_together(files: list[str], capsys: pytest.CaptureFixture[str]):
    command.evaluate(command.parse(files), "")

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows[1:]] == ["plain", "none", "person", "smalltalk", "all"]
    assert rows[1][1:4] == ["2", "1.000", "1.000"]


def test_a_figure_below_its_bar_fails_and_is_named(files: list[str], capsys: pytest.CaptureFixture[str]):
    assert command.evaluate(command.parse([*files, "--first", "1", "--out-of-scope", "0"]), "") == 0
    assert command.evaluate(command.parse([*files, "--reached", "1.01"]), "") == 1

    assert "missed: reached 1.000, wanted 1.01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"turns": []}', "Line 1"),
        ('{"turns": ["а"], "expect": "elsewhere"}', "Line 1"),
        ('{"turns": "а", "expect": ["parking"]}', "Line 1"),
        ("[1, 2", "Line 1"),
        ('{"turns": ["а"], "expect": ["nowhere"]}', "nowhere"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
):
    (tmp_path / "questions.jsonl").write_text(line, encoding="utf-8")

    assert command.evaluate(command.parse(files), "") == 2
    assert said in capsys.readouterr().out


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert command.evaluate(command.parse([str(tmp_path / "none.jsonl")]), "") == 2
    assert "none.jsonl" in capsys.readouterr().out


async def _ask_school(database: Database) -> evaluation.Scores:
    async with database.transaction() as tx:
        connection = await tx.session.connection()
        for statement in knowledge.search_ddl(tx.dialect):
            await connection.execute(text(statement))
    articles = [json.loads(line) for line in (SCHOOL / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = {article["id"]: article["question"] for article in articles}
    lines = [
        {
            "request": [{"role": "user", "text": article["question"]}],
            "response": article["answer"],
            "article": {"aliases": article.get("aliases", [])},
        }
        for article in articles
    ]
    await knowledge.import_jsonl(database.transaction, "\n".join(map(json.dumps, lines)))
    cases = evaluation.read((SCHOOL / "questions.jsonl").read_text(encoding="utf-8"))
    named = [
        evaluation.Case(case.turns, case.expected, tuple(questions[name] for name in case.articles), case.kind)
        for case in cases
    ]
    return evaluation.score([answer async for answer in evaluation.run(database.reading, named)])


async def test_another_trade_is_answered_alike_on_both_databases(any_database: Database):
    scores = await _ask_school(any_database)

    # The search was never tuned on this base: what it finds may grow, and what it says must be right.
    assert scores.questions == 150
    assert scores.first is not None
    assert scores.first >= 0.42
    assert scores.right is not None
    assert scores.right >= 0.88
    assert scores.out_of_scope is not None
    assert scores.out_of_scope <= 0.04
