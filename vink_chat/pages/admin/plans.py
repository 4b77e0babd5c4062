"""Which sections of the preferences stand on which page, and how."""

from typing import Final

from vink_chat import preferences
from vink_chat.kit.errors import NotFound
from vink_chat.pages.admin.sections import Plan

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BRANCHES: Final = tuple(branch.value for branch in preferences.Branch)

GREETING: Final = Plan(preferences.Greeting, texts=("reply_time", "contacts", "text"))
ASSISTANT: Final = Plan(
    preferences.Assistant,
    texts=(
        "name",
        "persona",
        "model",
        "temperature",
        "max_tokens",
        "context_tokens",
        "turn_limit",
        "answer_seconds",
    ),
    ticks=("only_knowledge", "streaming"),
    lines=("rules", "refused_words"),
    rows="examples",
    row_texts=("question", "answer"),
)
HANDOVER: Final = Plan(
    preferences.Handover,
    texts=(
        *(f"notices.{branch}" for branch in BRANCHES),
        "minutes_until_alert",
        "minutes_until_form",
        "minutes_until_return",
        "returning_minutes",
        "seconds_until_away",
        "promised_hours",
        "reopen_hours",
        "idle_close_minutes",
        "gone_close_minutes",
        "low_confidence_in_a_row",
    ),
    ticks=("answers_while_waiting",),
    lines=("words",),
)
HOURS: Final = Plan(
    preferences.Hours,
    texts=("zone", *(f"week.{day}.{end}" for day in DAYS for end in ("opens", "closes"))),
    ticks=("enabled", *(f"week.{day}.working" for day in DAYS)),
    lines=("holidays",),
)
LIMITS: Final = Plan(
    preferences.Limits,
    texts=("visitor_per_minute", "address_per_minute", "conversations_per_hour", "calls_per_hour"),
    lines=("blocked_addresses",),
)
QUESTIONS: Final = Plan(preferences.PopularQuestions, rows="groups", row_texts=("title",), row_lines=("questions",))
LOOK: Final = Plan(
    preferences.Look, texts=("colour", "logo_url", "title", "position"), lines=("allowed_sites",), derived=("ink",)
)
CONSENT: Final = Plan(preferences.Consent, texts=("text", "policy_url"))
CANNED: Final = Plan(preferences.Canned, rows="replies", row_texts=("shortcut", "title", "text"))
TELEGRAM: Final = Plan(preferences.Telegram, texts=("group_id", "language"), ticks=("topics", "webhook"))

_PAGES: Final = {
    "assistant": (GREETING, ASSISTANT),
    "handover": (HANDOVER, HOURS, CONSENT, LIMITS),
    "questions": (QUESTIONS,),
    # The greeting is shown in the preview.
    "look": (LOOK, GREETING),
    "canned": (CANNED,),
    "telegram": (TELEGRAM,),
}
_SECTIONS: Final = {plan.kind.key: plan for plans in _PAGES.values() for plan in plans}


def every() -> tuple[Plan, ...]:
    """Return the plans of all sections."""
    return tuple(_SECTIONS.values())


def of_page(page: object) -> tuple[Plan, ...]:
    """Return the sections of a page.

    Raises:
        NotFound: There is no such page.
    """
    if not isinstance(page, str) or page not in _PAGES:
        raise NotFound
    return _PAGES[page]


def of_section(section: object) -> Plan:
    """Return the plan of a section.

    Raises:
        NotFound: There is no such section.
    """
    if not isinstance(section, str) or section not in _SECTIONS:
        raise NotFound
    return _SECTIONS[section]
