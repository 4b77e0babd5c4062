"""Which advertisement a visitor came by: the UTM tags of an address."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from vink_chat.conversations.text import line

_TAGS: Final = ("source", "medium", "campaign", "term", "content")
_MOST_FIELDS: Final = 100


def campaign_of(address: object) -> str:
    """Return the UTM tags of an address as people read them: ``source=yandex, medium=cpc``; without any, nothing."""
    try:
        fields = dict(parse_qsl(urlsplit(line(address, 2000)).query, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return ""
    found = ((tag, line(fields.get(f"utm_{tag}"), 200)) for tag in _TAGS)
    return line(", ".join(f"{tag}={value}" for tag, value in found if value), 500)
