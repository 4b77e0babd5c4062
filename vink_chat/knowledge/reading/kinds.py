"""What a file is, told by its bytes; its name decides only between kinds of text."""

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Final

import orjson

from vink_chat.knowledge.reading import csv_dialect
from vink_chat.knowledge.reading.errors import (
    Damaged,
    Encrypted,
    OldOffice,
    TooBigUnpacked,
    UnknownKind,
    UnsafeMarkup,
)
from vink_chat.knowledge.reading.model import Kind
from vink_chat.knowledge.reading.texts import decode

MAX_UNPACKED_MEGABYTES: Final = 100
_MAX_MEMBERS: Final = 5_000
_PROLOGUE: Final = 4_096
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE: Final = {"xl/workbook.xml": Kind.XLSX, "word/document.xml": Kind.DOCX}
_OTHER_BINARIES: Final = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ\x90",
)
_HEADING: Final = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_PAGE: Final = re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def kind_of(content: bytes, name: str = "") -> Kind:
    """Tell the kind of a file.

    Args:
        content: The whole file.
        name: As the person's machine calls it; only its ending is looked at, and only for texts.

    Raises:
        UnknownKind: It is none of those read.
        Encrypted: It asks for a password.
        OldOffice: It is of an old binary format.
        TooBigUnpacked: It would unpack to too much.
        UnsafeMarkup: Its XML declares entities.
        Damaged: It is an archive that cannot be opened.
        NotText: It is neither a known binary nor a text.
    """
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(_OLE):
        raise Encrypted if "EncryptedPackage".encode("utf-16-le") in content else OldOffice
    if content.startswith(_OTHER_BINARIES):
        raise UnknownKind
    return _text(decode(content), PurePosixPath(name.replace("\\", "/")).suffix.lower())


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > _MAX_MEMBERS or unpacked > MAX_UNPACKED_MEGABYTES * 1_000_000:
                raise TooBigUnpacked(megabytes=MAX_UNPACKED_MEGABYTES)
            kind = next((_OFFICE[member.filename] for member in members if member.filename in _OFFICE), None)
            if kind is None:
                raise UnknownKind
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _refuse_declarations(archive, member)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        raise Damaged from None
    return kind


def _refuse_declarations(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as file:
        # In UTF-16 every letter has a NUL beside it.
        prologue = file.read(_PROLOGUE).replace(b"\0", b"")
    if b"<!DOCTYPE" in prologue or b"<!ENTITY" in prologue:
        raise UnsafeMarkup


def _text(text: str, suffix: str) -> Kind:
    head = text.lstrip()[:100_000]
    if _PAGE.match(head):
        raise UnknownKind
    if _is_object(head.split("\n", 1)[0]) or suffix == ".jsonl":
        return Kind.JSONL
    dialect = csv_dialect.guess(head)
    named_table = suffix in {".csv", ".tsv"}
    # Sentences have commas too: by them alone only a file that calls itself so is a table.
    is_table = dialect.is_sure and (dialect.delimiter != "," or named_table or suffix == "")
    is_headed = _HEADING.search(head) is not None
    if is_table and is_headed:
        # An answer may hold headings.
        return Kind.CSV if named_table or not _HEADING.match(head) else Kind.MARKDOWN
    if is_table or is_headed:
        return Kind.CSV if is_table else Kind.MARKDOWN
    return Kind.CSV if named_table else Kind.MARKDOWN


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
