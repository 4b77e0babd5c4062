"""Files to read, good ones and hostile ones."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

FILES = Path(__file__).with_name("files")
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ха">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def workbook(rows: Iterable[Sequence[str]] = (), *, sheet: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """An XLSX file with one sheet.

    Args:
        rows: Its cells.
        sheet: The XML of the sheet instead.
        more: Further members of the archive.
    """
    cells = (
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships {links}><Relationship Id="r1" Type="{kinds}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{kinds}"><sheets>'
            '<sheet name="Лист1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships {links}><Relationship Id="r1" Type="{kinds}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet
            or f"<worksheet {space}><sheetData>{''.join(cells)}</sheetData></worksheet>",
            **(more or {}),
        }
    )


def archive(members: dict[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def with_large_member(whole: bytes, name: str, size: int) -> bytes:
    """Add a member of blanks to an archive; packed it takes a thousandth of its size."""
    file = io.BytesIO(whole)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as made, made.open(name, "w") as member:
        block = b" " * 1_000_000
        for _ in range(size // len(block)):
            member.write(block)
    return file.getvalue()


def claiming(whole: bytes, size: int, claimed: int) -> bytes:
    """Let an archive claim that a member of one size has another."""
    assert whole.count(size.to_bytes(4, "little")) >= 1
    return whole.replace(size.to_bytes(4, "little"), claimed.to_bytes(4, "little"))


def pdf(stream: bytes, *, filters: str = "/FlateDecode", more: str = "") -> bytes:
    """A PDF of one page.

    Args:
        stream: What draws the page, as it stands in the file.
        filters: How that is packed.
        more: Further entries of the page.
    """
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R{more}>>".encode(),
        f"<</Length {len(stream)}/Filter[{filters}]>>stream\n".encode() + stream + b"\nendstream",
    ]
    file = b"%PDF-1.4\n"
    places: list[int] = []
    for number, part in enumerate(parts, 1):
        places.append(len(file))
        file += f"{number} 0 obj".encode() + part + b"endobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF".encode()
    return file + head + table + tail


def packed_blanks(size: int) -> bytes:
    """Many blanks, packed with zlib."""
    pack = zlib.compressobj(1)
    block = b" " * 1_000_000
    return b"".join(pack.compress(block) for _ in range(size // len(block))) + pack.flush()
