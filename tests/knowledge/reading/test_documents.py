"""Markdown, JSONL, DOCX and PDF become articles by their headings."""

import io
import json

import docx
import pytest

from tests.knowledge.reading.makers import FILES, pdf, workbook
from vink_chat.knowledge import errors as article_errors
from vink_chat.knowledge.reading import documents, drafts, errors
from vink_chat.knowledge.reading.kinds import kind_of
from vink_chat.knowledge.reading.model import ArticleDraft, Kind, Origin, Reading


def _markdown(text: str, name: str = "Памятка.md") -> Reading:
    return documents.read(text.encode(), Kind.MARKDOWN, name)


def _pairs(reading: Reading) -> list[tuple[str, str]]:
    return [(draft.question, draft.answer) for draft in reading.drafts]


def test_each_heading_of_a_markdown_text_becomes_an_article():
    reading = _markdown(
        "Мы работаем с 2004 года.\n\n# Доставка\n\nПо всей стране.\n\n## Сроки\n\n- Москва: день\n- Казань: *три*\n\n"
        "## Кто доставляет?\n\nКурьер.\n\n# Возврат\n\n## Пусто\n"
    )

    assert _pairs(reading) == [
        ("Памятка", "Мы работаем с 2004 года."),
        ("Доставка", "По всей стране."),
        ("Доставка: Сроки", "- Москва: день\n- Казань: *три*"),
        ("Кто доставляет?", "Курьер."),
    ]
    assert [(skipped.origin.say(), skipped.refusal.say()) for skipped in reading.skipped] == [
        ("строка 18, раздел «Пусто»", "Под заголовком нет текста.")
    ]


def test_the_name_of_a_whole_document_is_not_put_before_its_headings():
    assert _pairs(_markdown("# Частые вопросы\n\n## Оплата\n\nКартой.\n\n## Гарантия\n\nГод.\n")) == [
        ("Оплата", "Картой."),
        ("Гарантия", "Год."),
    ]


def test_a_heading_inside_code_is_text_and_one_underlined_is_a_heading():
    reading = _markdown("Настройка\n=========\n\n```\n# не заголовок\n```\n")

    assert _pairs(reading) == [("Настройка", "```\n# не заголовок\n```")]


def test_a_long_section_becomes_several_articles_cut_between_paragraphs():
    reading = _markdown("# Договор\n\n" + "\n\n".join(f"{number}. {'слово ' * 300}".strip() for number in range(12)))

    assert [draft.question for draft in reading.drafts] == ["Договор", "Договор (2)", "Договор (3)"]
    assert all(len(draft.answer) <= 8_000 and draft.answer[0].isdigit() for draft in reading.drafts)


def test_a_text_of_too_many_characters_is_refused():
    long = ArticleDraft(Origin(), "Как?", "д" * 8_000)

    assert len(drafts.gather([long] * 2_000).drafts) == 2_000
    with pytest.raises(errors.TooMuchText) as refused:
        drafts.gather([long] * 2_500)

    assert refused.value.say() == (
        "Слишком много текста: за один раз читается не больше 20 млн знаков. Разделите файл на части."
    )


def test_the_lines_of_both_kinds_of_jsonl_are_read_and_bad_ones_told_of():
    turns = [{"role": "system", "text": "Вы ассистент."}, {"role": "user", "text": "Где склад?"}]
    more = {"aliases": ["Адрес склада"], "url": "https://shop.ru/", "tags": "склад", "enabled": False}
    lines = [
        json.dumps({"request": turns, "response": "В Москве."}, ensure_ascii=False),
        json.dumps({"request": turns[1:], "response": "В Химках.", "article": more}, ensure_ascii=False),
        "{",
        "[]",
        json.dumps({"request": turns, "response": "а" * 9000}),
    ]

    reading = documents.read("\n".join(lines).encode(), Kind.JSONL, "")

    plain, full = reading.drafts
    assert (plain.question, plain.answer, plain.enabled) == ("Где склад?", "В Москве.", True)
    assert (full.aliases, full.url, full.tags, full.enabled) == ("Адрес склада", "https://shop.ru/", "склад", False)
    assert [(skipped.origin.line, type(skipped.refusal)) for skipped in reading.skipped] == [
        (3, article_errors.NotJson),
        (4, article_errors.NoRequest),
        (5, article_errors.TooLong),
    ]


def _word(*, headings: bool = True) -> bytes:
    document = docx.Document()
    if headings:
        document.add_heading("Доставка", level=1)
    else:
        document.add_paragraph().add_run("Доставка").bold = True
    document.add_paragraph("По всей стране.")
    document.add_paragraph("Москва", style="List Bullet")
    document.add_paragraph("Казань", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ["Город", "Срок", "Уфа", "2 | 3"], strict=True):
        cell.text = text
    if headings:
        document.add_heading("Оплата", level=1)
        document.add_paragraph().add_run("Важно").bold = True
        document.add_paragraph("Картой.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_document_gives_its_headings_lists_and_tables():
    reading = documents.read(_word(), Kind.DOCX, "памятка.docx")

    assert _pairs(reading) == [
        (
            "Доставка",
            "По всей стране.\n\n- Москва\n- Казань\n\n| Город | Срок |\n| --- | --- |\n| Уфа | 2 \\| 3 |",
        ),
        ("Оплата", "**Важно**\n\nКартой."),
    ]


def test_bold_lines_head_a_word_document_without_headings():
    assert [draft.question for draft in documents.read(_word(headings=False), Kind.DOCX, "а.docx").drafts] == [
        "Доставка"
    ]


def test_a_pdf_gives_its_headings_paragraphs_and_tables_with_their_pages():
    reading = documents.read((FILES / "memo.pdf").read_bytes(), Kind.PDF, "memo.pdf")

    assert [(draft.question, draft.origin.page) for draft in reading.drafts] == [
        ("Памятка покупателя", 1),
        ("Доставка", 1),
        ("Как вернуть товар?", 2),
        ("Гарантия", 2),
    ]
    assert reading.drafts[1].answer == (
        "Заказы доставляет курьер по будням с десяти до восемнадцати часов. Он звонит за час до приезда и ждёт у двери "
        "не дольше пятнадцати минут, поэтому назовите верный телефон.\n\nСамовывоз возможен на следующий день.\n\n"
        "| Город | Срок | Цена |\n| --- | --- | --- |\n| Москва | 1 день | 300 ₽ |\n| Казань | 3 дня | 500 ₽ |"
    )


def test_a_scanned_pdf_is_refused_as_one():
    with pytest.raises(errors.NoText):
        documents.read(pdf(b"0 0 500 500 re f", filters=""), Kind.PDF, "скан.pdf")


def test_a_pdf_with_a_password_is_refused_as_such():
    with pytest.raises(errors.Encrypted):
        documents.read((FILES / "locked.pdf").read_bytes(), Kind.PDF, "locked.pdf")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        ((FILES / "memo.pdf").read_bytes(), "memo.csv", Kind.PDF),
        (workbook([["Вопрос", "Ответ"]]), "письмо.docx", Kind.XLSX),
        (_word(), "таблица.xlsx", Kind.DOCX),
        ("Вопрос;Ответ\nГде?;Тут.\n".encode("cp1251"), "таблица.pdf", Kind.CSV),
        ("Вопрос;Ответ\nГде?;Тут.\n".encode(), "таблица.md", Kind.CSV),
        ("# Где?\n\nТут.\n".encode(), "заметка.csv", Kind.MARKDOWN),
        ('Вопрос,Ответ\nГде?,"# Адрес\nТут."\n'.encode(), "таблица", Kind.CSV),
        (b'{"request": [], "response": ""}\n', "пары.txt", Kind.JSONL),
        ("Просто текст без заголовков.".encode(), "заметка.txt", Kind.MARKDOWN),
    ],
)
def test_the_content_and_not_the_name_says_what_a_file_is(content: bytes, name: str, kind: Kind):
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), errors.UnknownKind),
        (b"<!DOCTYPE html><html><body>1</body></html>", errors.UnknownKind),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), errors.OldOffice),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), errors.Encrypted),
        (b"PK\x03\x04" + bytes(100), errors.Damaged),
        (bytes(range(256)) * 40, errors.NotText),
    ],
)
def test_what_is_not_read_is_refused_by_its_content(content: bytes, refusal: type[Exception]):
    with pytest.raises(refusal):
        kind_of(content, "вопросы.csv")
