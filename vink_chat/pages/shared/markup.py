"""Texts as safe HTML: simple Markdown for the assistant's and operators' texts, escaped lines for visitors'."""

import html
import re
from functools import lru_cache
from typing import Final

import nh3

from vink_chat.kit import links
from vink_chat.kit.excerpts import MARKDOWN, MOST_BRACKETS, sizes_escaped

_TAGS: Final = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_IN_BRACKETS: Final = re.compile(rf"(?<=\()(?<!\]\(){links.ADDRESS}")
_HEADING_BEGINS: Final = re.compile("<h[1-6]>")
_HEADING_ENDS: Final = re.compile("</h[1-6]>")
_REL: Final = "noopener noreferrer nofollow"


@lru_cache(maxsize=4096)
def from_markdown(text: str) -> str:
    """Return sanitised HTML of an answer's Markdown: lists, bold, links, tables; no images, no raw HTML."""
    rendered = MARKDOWN.render(links.linked(text))
    clean = nh3.clean(
        # A heading in an answer must not become a heading of the page.
        _HEADING_ENDS.sub("</strong></p>", _HEADING_BEGINS.sub("<p><strong>", rendered)),
        tags=_TAGS,
        # By default any tag may have a title: a tooltip whose text nobody checked.
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    # A wide table scrolls on its own, also by keyboard.
    return clean.replace("<table>", '<div class="wide" tabindex="0"><table>').replace("</table>", "</table></div>")


@lru_cache(maxsize=4096)
def from_operator(text: str) -> str:
    """Return an operator's text as HTML: the same Markdown, except that 3*2*1 is a size, not emphasis."""
    if text.count("[") > MOST_BRACKETS:
        return from_plain(text)
    return from_markdown(_IN_BRACKETS.sub(r"<\1>", sizes_escaped(text)))


@lru_cache(maxsize=4096)
def from_plain(text: str) -> str:
    """Return a person's text as HTML: escaped, with its line breaks."""
    return html.escape(text).replace("\n", "<br>")
