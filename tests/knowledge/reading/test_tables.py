"""CSV and XLSX files as people's programs write them."""

import pytest

from tests.knowledge.reading.makers import FILES, workbook
from vink_chat.knowledge import errors as article_errors
from vink_chat.knowledge.reading import errors, tables
from vink_chat.knowledge.reading.model import ColumnMapping, Kind, Reading

TEXT = "Вопрос;Ответ;Синонимы\nКак оплатить заказ?;Картой или по счёту.;оплата; \nГде склад?;В Москве.;\n"
NAMED = ColumnMapping(question=0, answer=1, aliases=(2,))


def _csv(text: str, mapping: ColumnMapping = NAMED) -> Reading:
    return tables.read(text.encode(), Kind.CSV, "", mapping)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_russian_table_is_read_in_any_encoding(encoding: str):
    content = TEXT.encode(encoding)

    sheet = tables.look(content, Kind.CSV).sheets[0]
    reading = tables.read(content, Kind.CSV, "", NAMED)

    assert sheet.columns[:3] == ("Вопрос", "Ответ", "Синонимы")
    assert [(draft.question, draft.answer) for draft in reading.drafts] == [
        ("Как оплатить заказ?", "Картой или по счёту."),
        ("Где склад?", "В Москве."),
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_the_delimiter_and_the_quote_are_guessed(delimiter: str, quote: str):
    rows = [["Вопрос", "Ответ"], ["Что в наборе?", "Лист, плёнка; клей | нож\tи линейка"], ["Где?", "Тут, рядом"]]
    text = "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows)

    reading = _csv(text, ColumnMapping(0, 1))

    assert [draft.answer.replace("\t", " ") for draft in reading.drafts] == [
        "Лист, плёнка; клей | нож и линейка",
        "Тут, рядом",
    ]


def test_an_answer_of_several_lines_stays_one_cell_and_rows_are_counted_as_an_editor_counts_lines():
    reading = _csv('Вопрос;Ответ\n"Как вернуть?";"Шаг первый.\nШаг второй."\n;без вопроса\n', ColumnMapping(0, 1))

    assert reading.drafts[0].answer == "Шаг первый.\nШаг второй."
    assert [skipped.origin.line for skipped in reading.skipped] == [4]
    assert isinstance(reading.skipped[0].refusal, article_errors.EmptyQuestion)


def test_every_column_goes_where_it_was_sent():
    mapping = ColumnMapping(question=1, answer=0, aliases=(2, 3), url=4, tags=5, enabled=6)

    reading = _csv(
        "Ответ,Вопрос,а,б,в,г,д\nДа.,Есть доставка?,привоз; курьер,везёте?,https://shop.ru/,цены;сроки,нет\n", mapping
    )

    draft = reading.drafts[0]
    assert (draft.question, draft.answer, draft.aliases) == ("Есть доставка?", "Да.", "привоз\nкурьер\nвезёте?")
    assert (draft.url, draft.tags, draft.enabled) == ("https://shop.ru/", "цены, сроки", False)


def test_a_row_that_cannot_be_an_article_is_skipped_with_its_reason():
    mapping = ColumnMapping(0, 1, url=2, enabled=3)

    reading = _csv(f"в,о,с,д\nа?,б,javascript:1,\nв?,,,\nг?,{'д' * 9000},,\nе?,ё,,может быть\nж?,з,,\n", mapping)

    assert [draft.question for draft in reading.drafts] == ["ж?"]
    assert [type(skipped.refusal) for skipped in reading.skipped] == [
        article_errors.NotAnAddress,
        article_errors.EmptyAnswer,
        article_errors.TooLong,
        errors.NotYesOrNo,
    ]
    assert reading.skipped[3].refusal.say() == "Непонятно, включена ли статья: «может быть». Напишите «да» или «нет»."


def test_columns_are_guessed_by_their_names_in_any_order():
    sheet = tables.look("Раздел;Ответ;Вопрос;Включена;Ссылка\nа;б;в;да;г\n".encode(), Kind.CSV).sheets[0]

    assert sheet.guess == ColumnMapping(question=2, answer=1, url=4, tags=0, enabled=3)


def test_columns_without_names_are_guessed_by_what_they_hold():
    text = "17;Вы работаете по субботам?;Да, с десяти до шести.\n18;Есть ли самовывоз?;Да, со склада на Складской.\n"

    sheet = tables.look(text.encode(), Kind.CSV).sheets[0]

    assert sheet.guess == ColumnMapping(question=1, answer=2, header=False)
    assert (sheet.columns, sheet.row_count) == (("A", "B", "C"), 2)


def test_a_spreadsheet_shows_its_sheets_and_the_results_of_its_formulas():
    content = (FILES / "questions.xlsx").read_bytes()

    table = tables.look(content, Kind.XLSX)
    guess = table.sheets[0].guess
    assert guess is not None
    reading = tables.read(content, Kind.XLSX, "Вопросы", guess)

    assert [(sheet.name, sheet.row_count) for sheet in table.sheets] == [("Вопросы", 4), ("Города", 2)]
    assert guess == ColumnMapping(0, 1, aliases=(2,), url=3, tags=4, enabled=5)
    assert [(draft.question, draft.answer, draft.enabled) for draft in reading.drafts] == [
        ("Сколько стоит доставка?", "Доставка стоит 300 рублей", True),
        ("Когда закрыт склад?", "31.12.2026", False),
        ("Сколько листов в пачке?", "25", True),
    ]
    assert [skipped.origin.say() for skipped in reading.skipped] == ["лист «Вопросы», строка 6"]


def test_a_formula_in_a_text_file_is_only_a_text():
    reading = _csv('в;о\nСколько?;"=HYPERLINK(""http://a.example"")"\n', ColumnMapping(0, 1))

    assert reading.drafts[0].answer == '=HYPERLINK("http://a.example")'


def test_a_sheet_or_a_column_that_is_not_there_is_refused():
    content = workbook([["Вопрос", "Ответ"], ["Где?", "Тут."]])

    with pytest.raises(errors.NoSuchSheet):
        tables.read(content, Kind.XLSX, "Лист2", ColumnMapping(0, 1))
    for column in (-1, 7, 10_000):
        with pytest.raises(errors.NoSuchColumn):
            tables.read(content, Kind.XLSX, "Лист1", ColumnMapping(0, column))


def test_a_table_without_a_filled_row_is_refused():
    for content, kind in ((b"\n\n;;\n", Kind.CSV), (workbook(), Kind.XLSX)):
        with pytest.raises(errors.NoTable):
            tables.look(content, kind)


def test_nuls_in_a_table_are_dropped():
    assert _csv("в;о\nГде?;Ту\0т.\n", ColumnMapping(0, 1)).drafts[0].answer == "Тут."


def test_a_quote_that_is_never_closed_is_told_of_and_the_rows_before_it_are_kept():
    reading = _csv('в;о\nГде?;Тут.\nКогда?;"' + "и так далее " * 20_000, ColumnMapping(0, 1))

    assert [draft.question for draft in reading.drafts] == ["Где?"]
    assert [(skipped.origin.line, type(skipped.refusal)) for skipped in reading.skipped] == [(3, errors.BrokenCell)]
