"""Bytes to text, whatever the encoding."""

import codecs
from typing import Final

from vink_chat.knowledge.reading.errors import NotText

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD: Final = ["cp1251", "koi8_r", "cp866"]
# Detection looks at chunks of its own choice: more of a file tells it nothing new.
_SAMPLE: Final = 200_000
_MOSTLY: Final = 0.9
_FEW: Final = 0.02
_WHITE: Final = frozenset("\t\n\r\f")


def decode(content: bytes) -> str:
    """Return bytes as text, without a byte order mark and NULs.

    Raises:
        NotText: It is text in no encoding that Russian texts are written in.
    """
    text = _decoded(content)
    controls = sum(sign < " " and sign not in _WHITE for sign in text[:_SAMPLE])
    if controls > len(text[:_SAMPLE]) * _FEW + 2:
        raise NotText
    return text.replace("\0", "")


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if wide := _wide(content[:_SAMPLE]):
        return content.decode(wide, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        text = content.decode(errors="replace")
    # A file cut by bytes, or put together from two: still UTF-8.
    if text.count("\ufffd") < _FEW * sum(sign > "\x7f" for sign in text):
        return text
    return content.decode(_old(content), "replace")


def _wide(sample: bytes) -> str:
    """Return the UTF-16 without a mark that this is: every second byte is then that of Latin or Cyrillic letters."""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[start::2]
        if high and sum(high.count(byte) for byte in (0, 4)) > len(high) * _MOSTLY:
            return encoding
    return ""


def _old(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  only the process that reads a file needs it

    # Lines of Latin letters say nothing of the code page.
    telling = b"\n".join(line for line in content[:_SAMPLE].splitlines() if not line.isascii())
    best = from_bytes(telling, cp_isolation=_OLD).best()
    if best is None:
        raise NotText
    return best.encoding
