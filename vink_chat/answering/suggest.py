"""A draft for an operator: what the assistant would answer, to be read and sent by a person."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from typing import Final
from uuid import UUID

from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import check, prompt
from vink_chat.answering.provider import Draft, Outcome, Prompt, Provider, ProviderUnavailable
from vink_chat.conversations import Author
from vink_chat.kit import db

log = logging.getLogger(__name__)

_THREAD: Final = 100
_GRACE: Final = 1.0


async def suggest(provider: Provider, conversation_id: UUID) -> str:
    """Return what the assistant would answer to the visitor's last words; empty when it has nothing fit to show.

    Nothing is stored: whoever asked decides.

    Raises:
        NotFound: There is no such conversation.
    """
    async with db.reading() as tx:
        conversation = await conversations.get(tx, conversation_id)
        thread = await conversations.dialogue(tx, conversation_id, _THREAD)
        asked = [message.text for message in thread if message.author is Author.VISITOR]
        passages = tuple(await knowledge.search(tx, asked[-1])) if asked else ()
    if not asked:
        return ""
    assistant = preferences.current(preferences.Assistant)
    built = prompt.build(assistant, prompt.Material(thread, passages, conversation.language))
    request = replace(built, stream=False, question=asked[-1])
    try:
        draft = await last_draft(provider, request)
    except (ProviderUnavailable, TimeoutError) as error:
        log.warning("No draft for conversation %s: %s", conversation_id, error)
        return ""
    rules = prompt.rules(assistant, passages)
    text, _ = prompt.citations(draft.text, passages)
    return "" if check.fault_of(draft, rules) else text


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
