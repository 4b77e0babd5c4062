"""DraftDisplay an answer while it is written: only whole sentences that passed the check, at most ten times a second.

Nothing is drawn before it is known that the answer rests on knowledge, and what is drawn stays until the message comes.
"""

import asyncio
import re
import time
from typing import Final

from vink_chat import topics
from vink_chat.answering.check import Rules, text_rejection_reason
from vink_chat.answering.prompt import citations
from vink_chat.answering.provider import Draft
from vink_chat.answering.task import Task
from vink_chat.kit import links, signals

_SENTENCE_END: Final = re.compile(r"(?:[.!?…:;]\s|\n)")
_PAUSE: Final = 0.1
_SLOW: Final = 5.0
DRAFT_KIND: Final = "draft"
SLOW_KIND: Final = "slow"
"""Whether an answer takes longer than usual, and nothing of it is shown yet."""
SILENCE_TOPIC: Final = "assistant"
"""Where processes tell each other to look again whether a run is still wanted; the kind is a conversation's id."""


class DraftDisplay:
    """One answer on its way to the visitor's page.

    Args:
        task: What is answered.
        rules: What every sentence is held against.
        grounded: Whether any answer may be shown, before it names what it rests on.

    Attributes:
        shown: What the visitor sees of it.
        stopped: What was to be shown next did not pass the check.
    """

    def __init__(self, task: Task, rules: Rules, *, grounded: bool) -> None:
        self._task = task
        self._topic = topics.visitor(task.conversation.visitor_id)
        self._rules = rules
        self._grounded = grounded
        self._shown_at = 0.0
        self.shown = ""
        self.stopped = False
        self._timer: asyncio.TimerHandle | None = None
        self._slow = False

    def expect(self) -> None:
        """Have the page say that the answer takes longer, once it does."""
        left = _SLOW - self._task.milliseconds / 1000
        self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._say_slow)

    def begin(self) -> None:
        """Stop what another process may still be showing for an earlier message."""
        signals.current().publish(SILENCE_TOPIC, str(self._task.conversation.id))

    def show(self, draft: Draft) -> None:
        """Show the whole sentences of a partial draft; once they fail the check, show nothing more."""
        ends = [match.end() for match in _SENTENCE_END.finditer(draft.text)]
        text, named = citations(draft.text[: ends[-1]] if ends else "", self._task.passages)
        self._grounded = self._grounded or bool(named)
        if not text or text == self.shown or self.stopped or not self._grounded:
            return
        if text_rejection_reason(text, self._rules):
            self.stopped = True
        elif time.monotonic() - self._shown_at >= _PAUSE:
            self._publish(links.confined(text, self._rules.trusted.allows))

    def end(self) -> None:
        """Take the draft off the page: the message itself has come, or the answer is not wanted any more."""
        self._quicken()
        if self.shown:
            self._publish("")

    def _say_slow(self) -> None:
        self._slow = True
        signals.current().publish(self._topic, SLOW_KIND, "slow")

    def _quicken(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._slow:
            self._slow = False
            signals.current().publish(self._topic, SLOW_KIND, "")

    def _publish(self, text: str) -> None:
        self._quicken()
        self.shown = text
        self._shown_at = time.monotonic()
        signals.current().publish(self._topic, DRAFT_KIND, text)
