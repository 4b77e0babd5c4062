"""Texts as HTML that cannot harm: simple Markdown for our side's words, escaped lines for everybody else's."""

import html
import re
from functools import lru_cache
from typing import Final

import nh3

from vink_chat.kit import links
from vink_chat.kit.excerpts import MARKDOWN

_TAGS: Final = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_TYPED_ADDRESS: Final = re.compile(rf"(?<![\w/]){links.ADDRESS}")
_REL: Final = "noopener noreferrer nofollow"


@lru_cache(maxsize=4096)
def from_markdown(text: str) -> str:
    """Return sanitised HTML of an answer's Markdown: lists, bold, links, tables; no images, no raw HTML."""
    return nh3.clean(
        MARKDOWN.render(links.autolinked(text)),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


@lru_cache(maxsize=4096)
def from_typed(text: str) -> str:
    """Return a colleague's text as HTML: every sign as typed, lines kept, addresses of the web to be clicked."""
    # Text and addresses by turns.
    parts = [html.escape(part) for part in _TYPED_ADDRESS.split(text)]
    parts[1::2] = [f'<a href="{address}" target="_blank" rel="{_REL}">{address}</a>' for address in parts[1::2]]
    return "".join(parts).replace("\n", "<br>")


@lru_cache(maxsize=4096)
def from_plain(text: str) -> str:
    """Return a person's text as HTML: every sign as typed, lines kept, nothing of it a tag."""
    return html.escape(text).replace("\n", "<br>")
