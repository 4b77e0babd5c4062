"""What strangers can cause is logged once a minute a kind: nobody fills the disk, or hides one line among thousands."""

import logging
import time
import traceback
from typing import Final

from typing_extensions import override

_SECONDS: Final = 60.0
_MOST_KINDS: Final = 500
# With everything below them: a filter hears only its own logger.
_STRANGERS: Final = ("uvicorn.error", "engineio", "socketio", "reflex.app", "vink_chat.web", "vink_chat.pages")


class OncePerMinute(logging.Filter):
    """Lets one line a minute of each kind pass, and says with the next how many there were."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._passed: dict[str, float] = {}
        self._held: dict[str, int] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether this line may pass."""
        kind = _kind(record)
        moment = time.monotonic()
        if moment - self._passed.get(kind, -self._seconds) < self._seconds:
            self._held[kind] = self._held.get(kind, 0) + 1
            return False
        if len(self._passed) >= _MOST_KINDS:
            self._passed.clear()
            self._held.clear()
        self._passed[kind] = moment
        if held := self._held.pop(kind, 0):
            record.msg = f"{record.getMessage().rstrip()} (and {held} more like it before)"
            record.args = ()
        return True


def install() -> None:
    """Limit the loggers whose lines a stranger can cause, once the pages are imported and uvicorn is configured."""
    limit = OncePerMinute()
    known = [*_STRANGERS, *logging.root.manager.loggerDict]
    for name in dict.fromkeys(known):
        if any(f"{name}.".startswith(f"{stranger}.") for stranger in _STRANGERS):
            logging.getLogger(name).addFilter(limit)


def _kind(record: logging.LogRecord) -> str:
    """Return what lines of one kind share: the place that says it, not its words, and where a fault came from."""
    where = ""
    if record.exc_info and record.exc_info[0]:
        frames = traceback.extract_tb(record.exc_info[2])
        where = f"{record.exc_info[0].__name__}:{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{record.name}:{record.pathname}:{record.lineno}:{where}"
