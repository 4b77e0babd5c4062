"""How fast one bot may speak.

Telegram's FAQ, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 calls a
second overall, one a second in a chat, 20 a minute in a group; edits and new topics count as messages.
"""

from collections import defaultdict, deque

from vink_chat.channels.channel import Limits


class Pace:
    """The calls made lately, in memory; times are the loop's clock, in seconds."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._overall: deque[float] = deque(maxlen=limits.overall)
        self._groups: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=limits.group))
        self._last: dict[int, float] = {}
        self._held: dict[int, float] = {}

    def ready_at(self, chat_id: int, *, keep: int = 0) -> float:
        """Return when the next call to a chat may be made; a time in the past means now.

        Args:
            chat_id: Which chat.
            keep: How many calls of a group's window are left to others.
        """
        limits = self.limits
        times = [self._held.get(chat_id, 0.0)]
        if chat_id in self._last:
            times.append(self._last[chat_id] + limits.chat_gap)
        if len(self._overall) == limits.overall:
            times.append(self._overall[0] + limits.overall_window)
        group = self._groups.get(chat_id)
        room = limits.group - keep
        if group and len(group) >= room:
            times.append(group[len(group) - room] + limits.group_window)
        return max(times)

    def spend(self, chat_id: int, moment: float, *, message: bool = True) -> None:
        """Note a call that is made now, or was made then; one that is no message holds up no message after it."""
        self._overall.append(moment)
        if message:
            self._last[chat_id] = moment
        if chat_id < 0:
            self._groups[chat_id].append(moment)

    def settle(self, chat_id: int, moment: float) -> None:
        """Count a call from its end: on its way it may have lost time, and the next one may lose less."""
        self._last[chat_id] = moment
        if chat_id < 0:
            self._groups[chat_id][-1] = moment

    def hold(self, chat_id: int, until: float) -> None:
        """Obey Telegram's word to wait."""
        self._held[chat_id] = max(until, self._held.get(chat_id, 0.0))
