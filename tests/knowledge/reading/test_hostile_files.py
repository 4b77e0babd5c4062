"""Files made to kill or swell the server end with a sentence, and the server goes on."""

import asyncio
import os
import resource
import signal
from pathlib import Path

import psutil
import pytest
from pydantic import TypeAdapter

from tests.knowledge.reading.makers import LAUGHS, archive, claiming, packed_blanks, pdf, with_large_member, workbook
from vink_chat.kit.errors import VinkError
from vink_chat.knowledge import reading
from vink_chat.knowledge.reading import ColumnMapping, errors
from vink_chat.knowledge.reading.drafts import MAX_DRAFTS
from vink_chat.knowledge.reading.pages import Permissions, Sitemap
from vink_chat.knowledge.reading.process import ReadingProcess

# Every reading starts a process.
pytestmark = pytest.mark.long

MEGABYTE = 1_000_000
PERMISSIONS = TypeAdapter(Permissions)
READING = TypeAdapter(reading.Reading)
SITEMAP = TypeAdapter(Sitemap)
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _word(document: str) -> bytes:
    links = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    part = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{part}"/></Types>',
            "_rels/.rels": f'<Relationships {links}><Relationship Id="r1" Type="{office}" Target="word/document.xml"/>'
            "</Relationships>",
            "word/document.xml": document,
        }
    )


async def _both(content: bytes | Path, name: str) -> None:
    await reading.look(content, name)
    await reading.read_document(content, name)


async def _refusal(content: bytes | Path, name: str = "файл") -> VinkError:
    """Read a file both ways; return why it was refused, having seen that the server did not swell."""
    others = await asyncio.to_thread(psutil.Process().children)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(VinkError) as refused:
        await _both(content, name)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 50 * MEGABYTE
    assert refused.value.say() != refused.value.say("en")
    left = await asyncio.to_thread(psutil.Process().children)
    assert [child for child in left if child not in others] == []
    return refused.value


@pytest.mark.parametrize(("name", "of"), [("xl/media/a.xml", workbook()), ("word/b.xml", _word("<a/>"))])
async def test_an_archive_that_unpacks_to_gigabytes_is_not_unpacked(name: str, of: bytes):
    assert isinstance(await _refusal(with_large_member(of, name, 300 * MEGABYTE)), errors.TooBigUnpacked)


async def test_an_archive_that_lies_about_its_size_ends_with_a_sentence():
    of = _word("<a/>").replace(b"word/document.xml", b"word/documenT.xml")
    bomb = claiming(with_large_member(of, "word/document.xml", 300 * MEGABYTE), 300 * MEGABYTE, 1_000)

    assert isinstance(await _refusal(bomb), errors.Damaged | errors.TooHeavy)


async def test_entities_in_an_office_file_are_refused():
    assert isinstance(await _refusal(_word(f"{LAUGHS}<a>&i;</a>")), errors.UnsafeMarkup)
    assert isinstance(await _refusal(workbook(sheet=f"{LAUGHS}<worksheet {SPACE}/>")), errors.UnsafeMarkup)


async def test_entities_behind_a_long_comment_are_not_expanded():
    hidden = LAUGHS.replace("<!DOCTYPE", f"<!--{'.' * 5_000}--><!DOCTYPE")
    paragraph = f"<w:document {WORD}><w:body><w:p><w:r><w:t>Как &i;?</w:t></w:r></w:p></w:body></w:document>"

    assert isinstance(await _refusal(_word(hidden + paragraph), "а.docx"), errors.Damaged | errors.NothingToRead)


async def test_entities_in_a_sitemap_are_not_expanded():
    async with ReadingProcess() as process:
        content = f"{LAUGHS}<urlset><url><loc>&i;</loc></url></urlset>".encode()
        listed = await process.ask("sitemap", content, SITEMAP, host="shop.example")

    assert listed == Sitemap()


async def test_a_file_of_200_megabytes_is_refused_by_its_size(tmp_path: Path):
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(200 * MEGABYTE)

    refusal = await _refusal(large, "large.pdf")

    assert isinstance(refusal, errors.TooBigFile)
    assert refusal.say() == "Файл слишком велик: загрузить можно не больше 25 МБ."
    with pytest.raises(errors.TooBigFile):
        reading.check_size(200 * MEGABYTE)


async def test_a_small_pdf_that_unpacks_to_gigabytes_ends_with_a_sentence():
    assert await _refusal(pdf(packed_blanks(1_100 * MEGABYTE)), "а.pdf")


async def test_a_pdf_whose_pages_name_themselves_ends_with_a_sentence():
    await _refusal(pdf(b"", filters="").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), "а.pdf")


async def test_a_sheet_of_too_many_rows_is_shown_and_they_are_not_read():
    rows = "".join(f"<row>{'<c><v>7</v></c>' * 9}<c t='str'><v>да</v></c></row>" for _ in range(11_000))
    content = workbook(sheet=f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>")

    table = await reading.look(content, "a.xlsx")
    with pytest.raises(errors.TooManyRows) as refused:
        await reading.read_rows(content, "a.xlsx", "Лист1", ColumnMapping(0, 9, header=False))

    assert table.sheets[0].row_count == 10_999
    assert refused.value.values == {"limit": MAX_DRAFTS}


async def test_a_sheet_with_a_cell_in_each_far_corner_ends_with_a_sentence():
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    assert await _refusal(workbook(sheet=f"<worksheet {SPACE}><sheetData>{corners}</sheetData></worksheet>"))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"request":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "а.jsonl"),
        (_word(f"<w:document {WORD}><w:body>{'<w:tbl>' * 50_000}"), "а.docx"),
        (workbook(sheet=f"<worksheet {SPACE}><sheetData>{'<row>' * 100_000}"), "а.xlsx"),
        (pdf(b"[" * 100_000 + b"]" * 100_000, filters=""), "а.pdf"),
    ],
)
async def test_deep_nesting_ends_with_a_sentence(content: bytes, name: str):
    if name.endswith(".jsonl"):
        assert not (await reading.read_document(content, name)).drafts
    else:
        await _refusal(content, name)


async def test_quotes_in_quotes_in_quotes_are_read_as_text():
    assert (await reading.read_document(b"# A\n\n" + b">" * 5_000 + b" B\n", "a.md")).drafts


async def test_the_name_of_a_file_is_only_a_title():
    read = await reading.read_document("Тут.".encode(), "../../../../etc/passwd")

    assert [(draft.question, draft.answer) for draft in read.drafts] == [("passwd", "Тут.")]


async def test_bytes_that_are_no_text_end_with_a_sentence():
    assert isinstance(await _refusal(os.urandom(50_000).replace(b"PK", b"")), errors.NotText | errors.UnknownKind)
    assert isinstance(await _refusal(bytes(100_000)), errors.NotText)


async def test_a_text_with_some_nuls_is_read_without_them():
    read = await reading.read_document("# Где\0?\n\nТут\0.".encode(), "а.md")

    assert [(draft.question, draft.answer) for draft in read.drafts] == [("Где?", "Тут.")]


async def test_a_text_that_takes_too_long_is_cut_off_and_the_next_request_is_served():
    async with ReadingProcess(cpu_seconds=1) as process:
        with pytest.raises(errors.TookTooLong):
            await process.ask("document", b"*a* [b](c)\n\n" * 1_500_000, READING, name="a.md")

        process.cpu_seconds = 30
        read = await process.ask("document", b"# A\n\nB\n", READING, name="a.md")

    assert [(draft.question, draft.answer) for draft in read.drafts] == [("A", "B")]


async def test_a_process_that_stands_still_is_ended():
    async with ReadingProcess() as process:
        await process.ask("robots", b"", PERMISSIONS, agent="a", addresses=[])
        child = process._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        process.cpu_seconds = 1

        with pytest.raises(errors.TookTooLong):
            await process.ask("robots", b"", PERMISSIONS, agent="a", addresses=[])

    assert child.returncode == -signal.SIGKILL


async def test_a_process_that_reads_files_knows_no_keys_and_may_write_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VINK_SECRET", "a-secret-of-this-installation")
    async with ReadingProcess() as process:
        await process.ask("robots", b"", PERMISSIONS, agent="a", addresses=[])
        child = process._child
        assert child is not None

        kept = psutil.Process(child.pid)
        environment = await asyncio.to_thread(kept.environ)
        limits = [kept.rlimit(kind)[1] for kind in (psutil.RLIMIT_FSIZE, psutil.RLIMIT_CORE, psutil.RLIMIT_AS)]

    assert environment == {}
    assert limits == [0, 0, 1 << 30]


async def test_a_reading_that_is_given_up_ends_its_process():
    async with ReadingProcess() as process:
        await process.ask("robots", b"", PERMISSIONS, agent="a", addresses=[])
        child = process._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        asking = asyncio.create_task(process.ask("robots", b"", PERMISSIONS, agent="a", addresses=[]))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

        assert child.returncode == -signal.SIGKILL
