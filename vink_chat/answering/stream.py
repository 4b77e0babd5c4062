"""Showing an answer while it is written: only whole sentences that passed the check, at most ten times a second."""

import re
import time
from typing import Final

from vink_chat.answering.check import Rules, fault_of_text
from vink_chat.answering.prompt import citations
from vink_chat.answering.provider import Draft
from vink_chat.conversations import Conversation
from vink_chat.kit import links, signals

_SENTENCE_END: Final = re.compile(r"(?:[.!?…:;]\s|\n)")
_PAUSE: Final = 0.1
DRAFT_KIND: Final = "draft"
SILENCE_TOPIC: Final = "assistant"
"""Where processes tell each other to look again whether a run is still wanted; the kind is a conversation's id."""


class Showing:
    """One answer on its way to the visitor's page."""

    def __init__(self, conversation: Conversation, rules: Rules) -> None:
        self._conversation = conversation
        self._topic = signals.visitor_topic(conversation.visitor_id)
        self._rules = rules
        self._shown = ""
        self._shown_at = 0.0
        self.withdrawn = False

    def begin(self) -> None:
        """Stop what another process may still be showing for an earlier message."""
        signals.current().publish(SILENCE_TOPIC, str(self._conversation.id))

    def show(self, draft: Draft) -> None:
        """Show the whole sentences of a partial draft, or withdraw what was shown when they fail the check."""
        ends = [match.end() for match in _SENTENCE_END.finditer(draft.text)]
        text, _ = citations(draft.text[: ends[-1]] if ends else "", ())
        if not text or text == self._shown or self.withdrawn:
            return
        if fault_of_text(text, self._rules):
            self.withdrawn = True
            self._publish("")
        elif time.monotonic() - self._shown_at >= _PAUSE:
            self._publish(links.confined(text, self._rules.trusted.allows))

    def end(self) -> None:
        """Take the draft off the page: the message itself, or the handover, has come."""
        if self._shown:
            self._publish("")

    def _publish(self, text: str) -> None:
        self._shown = text
        self._shown_at = time.monotonic()
        signals.current().publish(self._topic, DRAFT_KIND, text)
