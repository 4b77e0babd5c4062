"""Sentences that code puts into the assistant's mouth, and the way to tell them from a model's."""

from vink_chat.answering import clarify, smalltalk
from vink_chat.kit.words import LANGUAGES, say


def cut_short(text: str, language: str) -> str:
    """Return an answer that ended too early, with word of how to read on."""
    return f"{text}\n\n{_go_on(language)}"


def by_model(text: str) -> str:
    """Return the part of an assistant's message that a model may have written; empty when code wrote it all."""
    for language in LANGUAGES:
        for ending in (_go_on(language), clarify.unfinished(language), clarify.called_too_often(language)):
            text = text.removesuffix(ending).rstrip()
    known = smalltalk.REPLIES | clarify.LINES
    ours = {say(sentence, language) for sentence in known for language in LANGUAGES}
    return "" if text in ours else text


def _go_on(language: str) -> str:
    return say("Ответ вышел длинным. Напишите «дальше», и я продолжу.", language)
