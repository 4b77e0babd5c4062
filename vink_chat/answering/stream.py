"""Shows an answer while it is being written: only whole sentences that pass the check, at most ten times a second.

Unless ``grounded`` is set, nothing is shown before the answer cites the knowledge base. The draft stays until the
message arrives.
"""

import asyncio
import re
import time
from typing import Final

from vink_chat import topics
from vink_chat.answering.active_run import ActiveRun
from vink_chat.answering.check import Policy, text_rejection_reason
from vink_chat.answering.prompt import citations
from vink_chat.answering.provider import Draft
from vink_chat.kit import links, signals

_SENTENCE_END: Final = re.compile(r"(?:[.!?…:;]\s|\n)")
_MIN_SECONDS_BETWEEN_UPDATES: Final = 0.1
_SLOW_AFTER_SECONDS: Final = 5.0
DRAFT_KIND: Final = "draft"
SLOW_KIND: Final = "slow"
"""The kind of the signal that an answer takes longer than usual and nothing of it is shown yet."""
RECHECK_RUN: Final = "assistant"
"""Signal topic: recheck whether the run of a conversation is still wanted; the kind is the conversation's id."""


class DraftDisplay:
    """The draft of one answer on the visitor's page.

    Args:
        run: The input of the run.
        policy: What every sentence is checked against.
        grounded: Whether an answer may be shown before it names a source.

    Attributes:
        shown: The part that the visitor sees.
        stopped: Whether the next part failed the check.
    """

    def __init__(self, run: ActiveRun, policy: Policy, *, grounded: bool) -> None:
        self._run = run
        self._topic = topics.visitor(run.conversation.visitor_id)
        self._policy = policy
        self._grounded = grounded
        self._shown_at = 0.0
        self.shown = ""
        self.stopped = False
        self._timer: asyncio.TimerHandle | None = None
        self._slow_announced = False

    def announce_when_slow(self) -> None:
        """Announce on the page that the answer takes longer, once it does."""
        left = _SLOW_AFTER_SECONDS - self._run.milliseconds / 1000
        self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._announce_slow)

    def begin(self) -> None:
        """Ask other processes to recheck their run, so that an outdated one stops showing its draft."""
        signals.current().publish(RECHECK_RUN, str(self._run.conversation.id))

    def show(self, draft: Draft) -> None:
        """Show the whole sentences of a partial draft; once one fails the check, show nothing more."""
        ends = [match.end() for match in _SENTENCE_END.finditer(draft.text)]
        text, named = citations(draft.text[: ends[-1]] if ends else "", self._run.passages)
        self._grounded = self._grounded or bool(named)
        if not text or text == self.shown or self.stopped or not self._grounded:
            return
        if text_rejection_reason(text, self._policy):
            self.stopped = True
        elif time.monotonic() - self._shown_at >= _MIN_SECONDS_BETWEEN_UPDATES:
            self._publish(links.confined(text, self._policy.trusted.allows))

    def end(self) -> None:
        """Remove the draft from the page: the message has come, or the answer is no longer wanted."""
        self._clear_slow()
        if self.shown:
            self._publish("")

    def _announce_slow(self) -> None:
        self._slow_announced = True
        signals.current().publish(self._topic, SLOW_KIND, "slow")

    def _clear_slow(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._slow_announced:
            self._slow_announced = False
            signals.current().publish(self._topic, SLOW_KIND, "")

    def _publish(self, text: str) -> None:
        self._clear_slow()
        self.shown = text
        self._shown_at = time.monotonic()
        signals.current().publish(self._topic, DRAFT_KIND, text)
