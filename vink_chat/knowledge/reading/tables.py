"""CSV and XLSX: first a look at the columns, then drafts by what the columns are."""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from vink_chat.knowledge.reading import columns, csv_dialect, drafts, errors
from vink_chat.knowledge.reading.model import ArticleDraft, ColumnMapping, Kind, Origin, Reading, Sheet, Skipped, Table
from vink_chat.knowledge.reading.texts import decode

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MAX_COLUMNS: Final = 100
MAX_CELLS: Final = 2_000_000
_MAX_SHEETS: Final = 50
_SHOWN_ROWS: Final = 20
_SHOWN_CELL: Final = 300
# Of a CSV cell, in letters; the module's own limit is a setting of the whole process.
_MAX_CELL: Final = 131_072

Row = tuple[int, list[str]]
"""A row that holds something, with its number from 1."""


def look(content: bytes, kind: Kind) -> Table:
    """Return the sheets, their columns and first rows.

    Raises:
        NoTable: No sheet has a row.
        TooManyCells: A sheet has more than are read.
        BrokenCell: A CSV file breaks off inside quotes before its first rows end.
    """
    sheets = tuple(sheet for name, rows in _sheets(content, kind) if (sheet := _sheet(name, rows)) is not None)
    if not sheets:
        raise errors.NoTable
    return Table(kind, sheets)


def read(content: bytes, kind: Kind, sheet: str, mapping: ColumnMapping) -> Reading:
    """Return a draft for each row of one sheet.

    Raises:
        NoSuchSheet: The file has none of that name.
        NoSuchColumn: The mapping names a column no row has.
        TooManyRows: There are more rows than one reading gives.
        NothingToRead: There is no row.
    """
    rows = next((rows for name, rows in _sheets(content, kind) if name == sheet), None)
    if rows is None:
        raise errors.NoSuchSheet
    return drafts.gather(_drafts(rows, sheet, mapping))


def _sheets(content: bytes, kind: Kind) -> Iterator[tuple[str, Iterator[Row | Skipped]]]:
    if kind is Kind.CSV:
        yield "", _csv_rows(decode(content))
        return
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  only the process that reads a file needs it

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names[:_MAX_SHEETS]:
        yield name, _xlsx_rows(book.get_sheet_by_name(name))


def _csv_rows(text: str) -> Iterator[Row | Skipped]:
    dialect = csv_dialect.guess(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote)
    cells = 0
    before = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Skipped(Origin(line=before + 1), errors.BrokenCell())
            return
        number, before = before + 1, reader.line_num
        cells += len(row)
        if cells > MAX_CELLS:
            raise errors.TooManyCells(limit=MAX_CELLS)
        if any(cell.strip() for cell in row):
            yield number, row[:MAX_COLUMNS]


def _xlsx_rows(sheet: "CalamineSheet") -> Iterator[Row | Skipped]:
    if sheet.height * sheet.width > MAX_CELLS:
        raise errors.TooManyCells(limit=MAX_CELLS)
    first = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), first + 1):
        cells = [_written(cell) for cell in row[:MAX_COLUMNS]]
        if any(cell.strip() for cell in cells):
            yield number, cells


def _written(cell: object) -> str:
    """Return a cell as a spreadsheet shows it; of a formula, the file keeps the result."""
    match cell:
        case bool():
            return "да" if cell else "нет"
        case float():
            return str(int(cell)) if cell.is_integer() else f"{cell:.10g}".replace(".", ",")
        case datetime.datetime() if cell.time() == datetime.time():
            return f"{cell:%d.%m.%Y}"
        case datetime.datetime():
            return f"{cell:%d.%m.%Y %H:%M}"
        case datetime.date():
            return f"{cell:%d.%m.%Y}"
        case _:
            return str(cell)


def _sheet(name: str, rows: Iterator[Row | Skipped]) -> Sheet | None:
    head = [row for row in islice(rows, _SHOWN_ROWS + 1) if not isinstance(row, Skipped)]
    if not head:
        return None
    width = max(len(cells) for _, cells in head)
    first = [cells + [""] * (width - len(cells)) for _, cells in head]
    guess = columns.guess(first)
    header = guess is None or guess.header
    names = [cell.strip()[:_SHOWN_CELL] if header else "" for cell in first[0]]
    shown = first[1:] if header else first[:_SHOWN_ROWS]
    rest = sum(1 for row in rows if not isinstance(row, Skipped))
    return Sheet(
        name,
        tuple(name or columns.letter(index) for index, name in enumerate(names)),
        tuple(tuple(cell[:_SHOWN_CELL] for cell in row) for row in shown),
        len(head) + rest - header,
        guess,
    )


def _drafts(rows: Iterable[Row | Skipped], sheet: str, mapping: ColumnMapping) -> Iterator[ArticleDraft | Skipped]:
    width = max(mapping.columns) + 1
    if min(mapping.columns) < 0 or width > MAX_COLUMNS:
        raise errors.NoSuchColumn
    header = mapping.header
    reached = False
    for row in rows:
        if isinstance(row, Skipped):
            yield row
            continue
        number, cells = row
        reached = reached or len(cells) >= width
        if header:
            header = False
            continue
        yield _draft(Origin(sheet=sheet, line=number), [*cells, *[""] * (width - len(cells))], mapping)
    if not reached:
        raise errors.NoSuchColumn


def _draft(origin: Origin, cells: Sequence[str], mapping: ColumnMapping) -> ArticleDraft | Skipped:
    def cell(column: int | None) -> str:
        return "" if column is None else cells[column]

    enabled = columns.yes_or_no(cell(mapping.enabled))
    if enabled is None:
        return Skipped(origin, errors.NotYesOrNo(value=cell(mapping.enabled).strip()[:40]))
    return drafts.checked(
        ArticleDraft(
            origin,
            cell(mapping.question),
            cell(mapping.answer),
            "\n".join(columns.several(cells[column]) for column in mapping.aliases),
            cell(mapping.url),
            cell(mapping.tags).replace(";", ",").replace("\n", ","),
            enabled,
        )
    )
