"""Links in a text: web addresses, e-mail addresses, phone numbers; which of them become clickable."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from vink_chat.kit.excerpts import MARKDOWN

ADDRESS: Final = r"(https?://[^\s<>()\[\]`]*[^\s<>()\[\]`.,;:!?»\"'])"
# Code comes first in the pattern: its content stays as it is.
_BARE: Final = re.compile(rf"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|(?<![\w(\[<\"'=/]){ADDRESS}", re.DOTALL)
# Code, links and addresses come first in the pattern: their content stays as it is.
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
    """Return Markdown with bare web addresses as links; those in code stay text."""
    return _BARE.sub(lambda match: f"<{match[2]}>" if match[2] else match[0], markdown)


def linked(markdown: str) -> str:
    """Return Markdown with bare web addresses, e-mail addresses and phone numbers as links."""

    def link(match: re.Match[str]) -> str:
        if match["mail"]:
            return f"<{match['mail']}>"
        return f"[{match['phone']}]({_dialled(match['phone'])})" if match["phone"] else match[0]

    return _REACH.sub(link, autolinked(markdown))


def targets(markdown: str) -> Iterator[str]:
    """Yield the targets of all links in a Markdown text, bare addresses included."""
    text = linked(markdown)
    # Every link starts with one of these, and this check is far cheaper than parsing the Markdown.
    if "[" not in text and "<" not in text:
        return
    for token in MARKDOWN.parse(text):
        for part in token.children or ():
            if part.type == "link_open":
                yield str(part.attrs.get("href", ""))


@dataclass(frozen=True)
class Trusted:
    """Where links may lead. The texts are only searched at the first link: most answers have none.

    Attributes:
        hosts: Hosts all of whose pages are allowed, with or without ``www.``.
        texts: The owner's texts: every web address, e-mail address and phone number in them is allowed.
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
        """Tell whether a link may have this target."""
        if "\\" in target or any(sign <= " " for sign in target):
            return False
        scheme, _, rest = target.partition(":")
        match scheme.lower():
            case "http" | "https":
                return _same(target) in self._addresses or _host(target) in {_bare(host) for host in self.hosts}
            case "mailto":
                return unquote(rest.partition("?")[0]).casefold() in self._mails
            case "tel":
                phone = _phone(rest)
                return len(phone) == _DIGITS_OF_A_PHONE and phone in self._digits
            case _:
                return False


def confined(markdown: str, allows: Callable[[str], bool]) -> str:
    """Return a Markdown text in which every link that is not allowed becomes code, readable but not clickable.

    Args:
        markdown: The text; unchanged if all its links are allowed.
        allows: Tells whether a link may have a target.
    """
    if all(allows(target) for target in targets(markdown)):
        return markdown

    def as_text(label: str, target: str) -> str:
        shown = f"`{target.replace('`', '')}`" if target else ""
        return shown if label in {"", target} else f"{label} ({shown})" if shown else label

    text = _INLINE.sub(lambda match: match[0] if allows(match[2]) else as_text(match[1], match[2]), markdown)
    text = _ANGLED.sub(lambda match: match[0] if allows(match[1]) else as_text("", match[1]), text)
    text = _without_bare(text, allows)
    if all(allows(target) for target in targets(text)):
        return text
    # Reference links and anything else that is left: escape every character that could form a link.
    text = _without_bare(re.sub(r"\\*([\[\]<>])", r"\\\1", text), allows)
    if all(allows(target) for target in targets(text)):
        return text
    return _without_bare(re.sub(r"[\[\]<>\\`]", " ", text), allows)


def _without_bare(markdown: str, allows: Callable[[str], bool]) -> str:
    """Return Markdown in which bare addresses that are not allowed are code."""

    def reach(match: re.Match[str]) -> str:
        target = f"mailto:{match['mail']}" if match["mail"] else _dialled(match["phone"]) if match["phone"] else ""
        return match[0] if not target or allows(target) else f"`{match[0]}`"

    text = _BARE.sub(lambda match: match[0] if not match[2] or allows(match[2]) else f"`{match[2]}`", markdown)
    return _REACH.sub(reach, text)


def _dialled(phone: str) -> str:
    digits = _digits(phone)
    # Within Russia, 8 is dialled for +7.
    return f"tel:+{'7' + digits[1:] if digits.startswith('8') else digits}"


def _same(address: str) -> str:
    """Return an address in the form used for comparison."""
    return address.partition("#")[0].rstrip("/").casefold()


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    # A user name before the host is meant to be mistaken for the host.
    return "" if "@" in parts.netloc else _bare(parts.hostname or "")


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _phone(text: str) -> str:
    """Return the last ten digits: in front of them, 8 and +7 mean the same in Russia."""
    return _digits(unquote(text))[-_DIGITS_OF_A_PHONE:]
