"""May the visitor see this text? Pure rules over a draft.

The canned refusals below were seen in YandexGPT's answers; the words an administrator adds come from the
preferences.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from vink_chat.answering.provider import Draft, Outcome
from vink_chat.kit import links

_ANYWHERE: Final = re.compile(
    r"не могу обсуждать эту тему|давайте поговорим о ч[её]м-нибудь еще|много сайтов с информацией на эту тему"
    r"|посмотрите, что нашлось в поиске|не могу ничего сказать об этом|давайте сменим тему"
    r"|могу ошибиться\W+лучше промолчу"
)
_IN_SHORT_TEXTS: Final = re.compile(
    r"не могу помочь с этим|не могу (?:на это )?ответить|не могу отвечать на|предлагаю сменить тему|не буду обсуждать"
    r"|противоречит моим принципам|не в моих возможностях|извините, но я не могу|я не в состоянии"
)
_ABOUT_ITSELF: Final = re.compile(
    r"\bкак искусственный интеллект\b(?:,|\s+я\b)|\b(?:я|как)\W{1,3}(?:большая )?(?:языковая модель|нейросеть)"
    r"|\bя не испытываю эмоций|\bя\W{1,3}(?:yandexgpt|алиса|нейросеть|бот|робот|ии)\b|моя база знаний обновл"
    r"|в предоставленн\w+ (?:контекст|текст)|согласно (?:предоставленн\w+ )?контексту|as an ai\b|language model"
)
_HTML: Final = re.compile(r"<\s*/?\s*[a-zA-Z!][^>]{0,500}>|&#\w+;|javascript:", re.IGNORECASE)
_FENCE: Final = re.compile(r"<<<|>>>|БАЗА ЗНАНИЙ:|ПРАВИЛА:")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SENTENCE: Final = re.compile(r"[.!?…](?=\s|$)|\n")
_NON_ALPHANUMERIC: Final = re.compile(r"[\W_]+")
_SHORT_ANSWER: Final = 200
_LONGER_ANSWER: Final = 300
# Letters and digits, five or six words of our own prompt; no legitimate answer we measured shares even 28.
_LEAK_LETTERS: Final = 40
# Shorter instructions are ordinary phrases, so they are not checked for leaks.
_SHORTEST_SECRET: Final = 20
# Latin and Greek letters, and digits, used in place of Russian look-alikes.
_LOOK_ALIKES: Final = str.maketrans("aeopcyxkmtbhαεορσυχκμτβη0346", "аеорсухкмтвнаеорсухкмтвнозчб")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a text is checked against.

    Attributes:
        refused_words: From the preferences; matched without regard to case.
        secret_texts: Our own prompt; a long piece of it in an answer is a leak.
        public_texts: What an answer may repeat although the prompt has it too: articles and examples.
        trusted: Where the links of an answer may lead.
    """

    refused_words: tuple[str, ...] = ()
    secret_texts: tuple[str, ...] = ()
    public_texts: tuple[str, ...] = ()
    trusted: links.Trusted = field(default_factory=links.Trusted)


def rejection_reason(draft: Draft, policy: Policy) -> str:
    """Return why a final draft may not be shown, in a few words for operators; empty if it may."""
    by_outcome = {
        Outcome.PARTIAL: "ответ оборвался",
        Outcome.FILTERED: "модель отказалась: фильтр содержимого",
        Outcome.UNKNOWN: "неизвестный статус ответа",
    }
    return by_outcome.get(draft.outcome, "") or text_rejection_reason(draft.text, policy)


def text_rejection_reason(text: str, policy: Policy) -> str:
    """Return why a text or a part of it may not be shown; empty if it may."""
    plain = _plain(text)
    if not plain:
        return "пустой ответ"
    faults = (
        (_HTML.search(text) is not None, "HTML в ответе"),
        (_FENCE.search(text) is not None or _leaks(text, policy), "в ответе кусок указаний"),
        (_refuses(plain), "дежурный отказ модели"),
        (_ABOUT_ITSELF.search(plain) is not None, "модель говорит о себе"),
        *((_has_word(plain, word), f"слово из списка: {word}"[:200]) for word in policy.refused_words),
    )
    return next((reason for is_fault, reason in faults if is_fault), "")


def whole_sentences(text: str) -> str:
    """Return a truncated text without its last, unfinished sentence; empty if no sentence is complete."""
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    return text[: ends[-1]].strip() if ends else ""


def _plain(text: str) -> str:
    text = _INVISIBLE.sub("", text.lower().replace("ё", "е"))
    return " ".join(re.sub(r"[*_`#>«»\"„“”]", "", text).split())


def _refuses(plain: str) -> bool:
    canned = _ANYWHERE.search(plain)
    if canned and (len(plain) <= _LONGER_ANSWER or canned.start() < _SHORT_ANSWER):
        return True
    return len(plain) <= _SHORT_ANSWER and _IN_SHORT_TEXTS.search(plain) is not None


def _has_word(plain: str, word: str) -> bool:
    phrase = _plain(word)
    # «Я не могу не отметить» is not a refusal.
    return bool(phrase) and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)(?!\s+не\b)", plain) is not None


def _leaks(text: str, policy: Policy) -> bool:
    """Tell whether a text repeats a piece of the prompt word for word, forwards or reversed."""
    pieces, whole = _secrets(policy.secret_texts)
    said = _letters(text)
    for letters in (said, said[::-1]):
        runs = (letters[start : start + _LEAK_LETTERS] for start in range(len(letters) - _LEAK_LETTERS + 1))
        leaked = {run for run in runs if run in pieces}
        if any(secret in letters for secret in whole) or (leaked and not _all_public(leaked, policy.public_texts)):
            return True
    return False


def _all_public(pieces: set[str], texts: tuple[str, ...]) -> bool:
    public = "\n".join(map(_letters, texts))
    return all(piece in public for piece in pieces)


@lru_cache(maxsize=4)
def _secrets(texts: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return every fragment of the longer instructions, and the shorter instructions, which only leak as a whole."""
    secrets = [_letters(text) for text in texts]
    pieces = (
        secret[start : start + _LEAK_LETTERS] for secret in secrets for start in range(len(secret) - _LEAK_LETTERS + 1)
    )
    return frozenset(pieces), tuple(secret for secret in secrets if _SHORTEST_SECRET <= len(secret) < _LEAK_LETTERS)


def _letters(text: str) -> str:
    """Return only a text's letters and digits, case-folded and without accents, to see through disguises."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LOOK_ALIKES)
    return _NON_ALPHANUMERIC.sub("", plain)
