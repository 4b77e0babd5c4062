"""A draft for an operator: what the assistant would answer, to be read and sent by a person."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import check, clarify, prompt
from vink_chat.answering.errors import NoDraft, TooManyDrafts
from vink_chat.answering.provider import Draft, Outcome, Prompt, Provider, ProviderUnavailable
from vink_chat.conversations import Author, Said, Status
from vink_chat.kit import db, links, throttle
from vink_chat.knowledge import Passage

log = logging.getLogger(__name__)

_THREAD: Final = 100
_GRACE: Final = 1.0
_DRAFTS_A_MINUTE: Final = 10
_provider: Provider | None = None


def use(provider: Provider | None) -> None:
    """Make this the source of drafts in this process, or let go of it (``bootstrap`` does this)."""
    global _provider  # noqa: PLW0603  the composition root sets it
    _provider = provider


async def suggest(conversation_id: UUID, operator_id: UUID) -> str:
    """Return what the assistant would answer to the visitor's last words, or else what the best article says.

    Nothing is stored: whoever asked decides. No transaction is open while the model thinks.

    Raises:
        NotFound: There is no such conversation.
        NotYours: A colleague holds it.
        NoDraft: There is nothing fit to show.
        TooManyDrafts: This operator asked too often.
    """
    try:
        await throttle.current().admit(f"draft:{operator_id}", _DRAFTS_A_MINUTE)
    except throttle.TooFast as refusal:
        raise TooManyDrafts(refusal.seconds) from None
    async with db.reading() as tx:
        conversation = await conversations.get(tx, conversation_id)
        if conversation.status is Status.ATTENDED and conversation.operator_id != operator_id:
            raise conversations.NotYours
        language = conversation.language
        thread = await conversations.dialogue(tx, conversation_id, _THREAD)
        asked = [message.text for message in thread if message.author is Author.VISITOR]
        passages = tuple(await knowledge.search(tx, asked[-1])) if asked else ()
    text = await _answer(conversation_id, asked[-1], thread, passages, language) if asked else ""
    text = text or next((one.text.strip() for one in passages if one.score >= clarify.NEAR), "")
    if not text:
        raise NoDraft
    return text


async def _answer(
    conversation_id: UUID, question: str, thread: Sequence[Said], passages: tuple[Passage, ...], language: str
) -> str:
    """Return what the assistant would answer; empty when it does not, or when that is not fit to show."""
    if _provider is None:
        return ""
    assistant = preferences.current(preferences.Assistant)
    built = prompt.build(assistant, prompt.Material(thread, passages, language))
    request = replace(built, stream=False, question=question)
    try:
        draft = await last_draft(_provider, request)
    except (ProviderUnavailable, TimeoutError) as error:
        log.warning("No draft for conversation %s: %s", conversation_id, error)
        return ""
    rules = prompt.rules(assistant, passages)
    text, _ = prompt.citations(draft.text, passages)
    return "" if check.fault_of(draft, rules) else links.confined(text, rules.trusted.allows)


async def last_draft(provider: Provider, request: Prompt) -> Draft:
    """Return a provider's final draft.

    Raises:
        ProviderUnavailable: No whole answer came.
        TimeoutError: None came in time.
    """
    last = Draft("", Outcome.UNKNOWN)
    async with asyncio.timeout(request.seconds + _GRACE):
        async with contextlib.aclosing(provider.generate(request)) as drafts:
            async for draft in drafts:
                last = draft
    return last
