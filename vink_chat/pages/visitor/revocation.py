"""A secret that was renewed ends the tabs it let in, those that only read as well."""

import logging

from vink_chat import preferences, topics
from vink_chat.kit import db, signals
from vink_chat.pages.visitor.thread_broadcast import thread_broadcasts
from vink_chat.web import broadcast

log = logging.getLogger(__name__)

_KIND = f"preferences:{preferences.Identity.key}"


async def follow() -> None:
    """Send nothing more to tabs signed under an older secret, for as long as the process lives."""
    async with signals.current().subscribe(topics.HOUSE) as heard:
        while True:
            if {_KIND, signals.READ_AGAIN}.isdisjoint(await heard.next()):
                continue
            try:
                async with db.reading() as tx:
                    await preferences.cache.refresh(tx, preferences.Identity.key)
            except Exception:
                log.exception("Could not read the signing secret; tabs are checked when they act")
                continue
            thread_broadcasts.drop(_is_over)


def _is_over(tab: broadcast.Tab) -> bool:
    secret = preferences.current(preferences.Identity).secret
    return bool(tab.shown.get("_signed")) and tab.shown.get("_signed_under") != secret
