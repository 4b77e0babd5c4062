"""Addresses in a text: of the web, of mail, of telephones. Where they stand, and which may be pressed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from vink_chat.kit.excerpts import MARKDOWN

ADDRESS: Final = r"(https?://[^\s<>()\[\]`]*[^\s<>()\[\]`.,;:!?»\"'])"
# Code comes first: what stands in it is left as it is.
_BARE: Final = re.compile(rf"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|(?<![\w(\[<\"'=/]){ADDRESS}", re.DOTALL)
# Code, links and addresses come first: what stands in them is left as it is.
_REACH: Final = re.compile(
    r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)|<[^<>\n]{0,2000}>|https?://\S{0,2000}"
    r"|(?<![\w.+@:/-])(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4})(?![\w@])"
    r"|(?<![\w+/=.:@-])(?P<phone>(?:\+\d{1,3}[ \u00a0-]?|8[ \u00a0-])\(?\d{3}\)?[ \u00a0-]?\d{3}[ \u00a0-]?\d{2}"
    r"[ \u00a0-]?\d{2})(?![\w-])",
    re.DOTALL,
)
_ANY: Final = re.compile(ADDRESS)
_INLINE: Final = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(\s{0,9}<?([^\s<>()]{0,2000})>?[^()\n]{0,200}\)")
_ANGLED: Final = re.compile(r"<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{0,2000})>", re.IGNORECASE)
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS_OF_A_PHONE: Final = 10


def autolinked(markdown: str) -> str:
    """Return Markdown in which bare addresses of the web are links; those in code stay text."""
    return _BARE.sub(lambda found: f"<{found[2]}>" if found[2] else found[0], markdown)


def linked(markdown: str) -> str:
    """Return Markdown in which bare addresses, mail addresses and telephone numbers are links."""

    def link(found: re.Match[str]) -> str:
        if found["mail"]:
            return f"<{found['mail']}>"
        return f"[{found['phone']}]({_dialled(found['phone'])})" if found["phone"] else found[0]

    return _REACH.sub(link, autolinked(markdown))


def targets(markdown: str) -> Iterator[str]:
    """Yield what the links of a Markdown text lead to, once what stands there bare is a link too."""
    text = linked(markdown)
    # Whatever becomes a link begins so, and looking is far cheaper than reading the Markdown.
    if "[" not in text and "<" not in text:
        return
    for token in MARKDOWN.parse(text):
        for part in token.children or ():
            if part.type == "link_open":
                yield str(part.attrs.get("href", ""))


@dataclass(frozen=True)
class Trusted:
    """Where links may lead. The texts are searched at the first link: most answers have none.

    Attributes:
        hosts: Hosts whose every page will do; ``www.`` before them counts as the same.
        texts: Texts of the owner's: any address, mail address or telephone number in them will do.
    """

    hosts: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    @cached_property
    def _addresses(self) -> frozenset[str]:
        return frozenset(_same(address) for text in self.texts for address in _ANY.findall(text))

    @cached_property
    def _mails(self) -> frozenset[str]:
        return frozenset(mail for text in self.texts for mail in _MAIL.findall(text.casefold()))

    @cached_property
    def _digits(self) -> str:
        return " ".join(map(_digits, self.texts))

    def allows(self, target: str) -> bool:
        """Tell whether a link may lead there."""
        if "\\" in target or any(sign <= " " for sign in target):
            return False
        scheme, _, rest = target.partition(":")
        match scheme.lower():
            case "http" | "https":
                return _same(target) in self._addresses or _host(target) in {_bare(host) for host in self.hosts}
            case "mailto":
                return unquote(rest.partition("?")[0]).casefold() in self._mails
            case "tel":
                wanted = _phone(rest)
                return len(wanted) == _DIGITS_OF_A_PHONE and wanted in self._digits
            case _:
                return False


def confined(markdown: str, allows: Callable[[str], bool]) -> str:
    """Return a Markdown text whose links lead where they may; every other address stands there as code, to be read.

    Args:
        markdown: The text; one without a foreign link comes back as it is.
        allows: Tells whether a link may lead to a target.
    """
    if all(allows(target) for target in targets(markdown)):
        return markdown

    def as_text(label: str, target: str) -> str:
        shown = f"`{target.replace('`', '')}`" if target else ""
        return shown if label in {"", target} else f"{label} ({shown})" if shown else label

    text = _INLINE.sub(lambda found: found[0] if allows(found[2]) else as_text(found[1], found[2]), markdown)
    text = _ANGLED.sub(lambda found: found[0] if allows(found[1]) else as_text("", found[1]), text)
    text = _without_bare(text, allows)
    if all(allows(target) for target in targets(text)):
        return text
    # Links by reference and whatever else is left: no sign of a link stays one, whatever escaped it before.
    text = _without_bare(re.sub(r"\\*([\[\]<>])", r"\\\1", text), allows)
    if all(allows(target) for target in targets(text)):
        return text
    return _without_bare(re.sub(r"[\[\]<>\\`]", " ", text), allows)


def _without_bare(markdown: str, allows: Callable[[str], bool]) -> str:
    """Return Markdown in which what would become a link by itself, and may not, is code."""

    def reach(found: re.Match[str]) -> str:
        target = f"mailto:{found['mail']}" if found["mail"] else _dialled(found["phone"]) if found["phone"] else ""
        return found[0] if not target or allows(target) else f"`{found[0]}`"

    text = _BARE.sub(lambda found: found[0] if not found[2] or allows(found[2]) else f"`{found[2]}`", markdown)
    return _REACH.sub(reach, text)


def _dialled(phone: str) -> str:
    digits = _digits(phone)
    # 8 is what Russians dial for +7.
    return f"tel:+{'7' + digits[1:] if digits.startswith('8') else digits}"


def _same(address: str) -> str:
    """Return an address as two of them are compared."""
    return address.partition("#")[0].rstrip("/").casefold()


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    # A name before the host is there to be mistaken for it.
    return "" if "@" in parts.netloc else _bare(parts.hostname or "")


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _phone(text: str) -> str:
    """Return the last ten digits: 8 and +7 before a Russian number are the same."""
    return _digits(unquote(text))[-_DIGITS_OF_A_PHONE:]
