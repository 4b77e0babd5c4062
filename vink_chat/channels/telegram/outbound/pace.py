"""How fast one bot may speak: which calls count in which limit.

Telegram's FAQ, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 calls a
second overall, one a second in a chat with short bursts beyond, 20 a minute in a group. Edits share the limits of
messages, and a new topic is a message (docs/adr/0026-tidying-up-waits-for-messages.md).
"""

from collections import defaultdict, deque
from enum import Enum, auto

from vink_chat.channels.channel import Limits


class Call(Enum):
    """How a call counts in its chat; each counts overall, and in its group.

    MESSAGE goes a gap after the message before. TIDY waits until every call so far has had its gap, and the next
    message does not wait for it: so a chat is never more than one call ahead. REACTION is no message: it waits for the
    gap, and nothing waits for it.
    """

    MESSAGE = auto()
    TIDY = auto()
    REACTION = auto()


class Pace:
    """The calls made lately, in memory; times are the loop's clock, in seconds."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._overall: deque[float] = deque(maxlen=limits.overall)
        self._groups: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=limits.group))
        self._next: dict[int, float] = {}
        self._even: dict[int, float] = {}
        self._held: dict[int, float] = {}

    def ready_at(self, chat_id: int, call: Call) -> float:
        """Return when the next call to a chat may be made; a time in the past means now."""
        limits = self.limits
        gaps = self._even if call is Call.TIDY else self._next
        times = [self._held.get(chat_id, 0.0), gaps.get(chat_id, 0.0)]
        if len(self._overall) == limits.overall:
            times.append(self._overall[0] + limits.overall_window)
        group = self._groups.get(chat_id)
        # What only tidies up, reactions too, leaves room in a group for what is said there.
        room = limits.group if call is Call.MESSAGE else limits.group - limits.group // 3
        if group and len(group) >= room:
            times.append(group[len(group) - room] + limits.group_window)
        return max(times)

    def spend(self, chat_id: int, moment: float, call: Call) -> None:
        """Note a call that is made now, or was made then."""
        self._overall.append(moment)
        if call is Call.MESSAGE:
            self._next[chat_id] = moment + self.limits.chat_gap
        if call is not Call.REACTION:
            self._even[chat_id] = max(self._even.get(chat_id, moment), moment) + self.limits.chat_gap
        if chat_id < 0:
            self._groups[chat_id].append(moment)

    def settle(self, chat_id: int, moment: float, call: Call) -> None:
        """Count a call from its end: on its way it may have lost time, and the next one may lose less."""
        due = moment + self.limits.chat_gap
        if call is Call.MESSAGE:
            self._next[chat_id] = due
        if call is not Call.REACTION:
            self._even[chat_id] = max(self._even.get(chat_id, due), due)
            if chat_id < 0:
                self._groups[chat_id][-1] = moment

    def hold(self, chat_id: int, until: float) -> None:
        """Obey Telegram's word to wait."""
        self._held[chat_id] = max(until, self._held.get(chat_id, 0.0))
