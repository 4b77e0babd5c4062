"""Maps sections of the preferences to form fields: on which page, and as text, checkbox, or list of lines.

Fields are named ``<section>.<path>``, fields of rows ``<section>.<path>.<name>.<row>``. Forms come from browsers: only
planned names are read, one by one, and ``preferences.change`` validates the values.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict, get_args

from vink_chat import preferences
from vink_chat.kit.errors import NotFound
from vink_chat.preferences import Section

_MAX_FIELD_CHARS: Final = 200_000


class Row(TypedDict):
    """One row of a list that is edited in place.

    Attributes:
        key: Its id while the page is shown.
        section: The section it belongs to.
        values: The texts of its fields.
    """

    key: str
    section: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one section is shown in a form and read from it.

    Attributes:
        texts: Paths of one-value fields: texts, numbers, times, choices.
        ticks: Paths of checkboxes.
        lines: Paths of lists with one value per line.
        derived: Names of values that are shown but not read.
        rows: The path of the list of pieces, or empty; its pieces have ``row_texts`` and ``row_lines``.
    """

    kind: type[Section]
    texts: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    rows: str = ""
    row_texts: tuple[str, ...] = ()
    row_lines: tuple[str, ...] = ()

    def fields(self, section: Section) -> dict[str, str]:
        """Return the values of the form's fields."""
        values = {path: _shown(_at(section, path)) for path in (*self.texts, *self.derived)}
        values |= {path: "on" if _at(section, path) else "" for path in self.ticks}
        values |= {path: "\n".join(map(_shown, _at(section, path))) for path in self.lines}
        return {f"{self.kind.key}.{path}": value for path, value in values.items()}

    def pieces(self, section: Section) -> list[Row]:
        """Return the rows of the list, in order."""
        return [self.row(piece) for piece in _at(section, self.rows)] if self.rows else []

    def row(self, piece: object = None) -> Row:
        """Return the row of a piece; an empty row without one."""
        texts = {name: _shown(getattr(piece, name, "")) for name in self.row_texts}
        lines = {name: "\n".join(map(_shown, getattr(piece, name, ()))) for name in self.row_lines}
        return Row(key=secrets.token_hex(4), section=self.kind.key, values={**texts, **lines})

    def values(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a form, to be validated by ``preferences.change``."""
        values: dict[str, Any] = {}
        for path in self.texts:
            text = _text(form, f"{self.kind.key}.{path}")
            field = self.kind.model_fields.get(path)
            _put(values, path, _normalised(text, field.annotation if field else str))
        for path in self.ticks:
            _put(values, path, _text(form, f"{self.kind.key}.{path}") in {"on", "true"})
        for path in self.lines:
            _put(values, path, _lines(_text(form, f"{self.kind.key}.{path}")))
        if self.rows:
            _put(values, self.rows, [self._piece(form, key) for key in self._keys(form)])
        return values

    def field_at(self, path: Sequence[int | str], form: Mapping[str, Any]) -> tuple[str, int]:
        """Return the name of the field for a path into the section, and the line in it, from 1.

        The line is 0 for the whole field. A path to several fields gives the last of them (a day's closing time), a path
        to a list of pieces the list's own name.
        """
        names = [part for part in path if isinstance(part, str)]
        numbers = [part for part in path if isinstance(part, int)]
        if self.rows and names[:1] == [self.rows] and numbers:
            names = [self.rows, (names[1:] or [*self.row_texts, *self.row_lines])[0], self._keys(form)[numbers.pop(0)]]
        name = ".".join(names)
        below = [path for path in (*self.ticks, *self.texts, *self.lines) if path.startswith(f"{name}.")]
        return f"{self.kind.key}.{below[-1] if below else name}", numbers[0] + 1 if numbers else 0

    def _keys(self, form: Mapping[str, Any]) -> Sequence[str]:
        start = f"{self.kind.key}.{self.rows}.{(*self.row_texts, *self.row_lines)[0]}."
        # A form keeps the order of its fields on the page.
        return [name.removeprefix(start) for name in form if isinstance(name, str) and name.startswith(start)]

    def _piece(self, form: Mapping[str, Any], key: str) -> dict[str, Any]:
        def text(name: str) -> str:
            return _text(form, f"{self.kind.key}.{self.rows}.{name}.{key}")

        return {name: text(name) for name in self.row_texts} | {name: _lines(text(name)) for name in self.row_lines}


def _at(section: Any, path: str) -> Any:
    for name in path.split("."):
        section = getattr(section, name)
    return section


def _put(values: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    for name in way:
        values = values.setdefault(name, {})
    values[last] = value


def _normalised(text: str, kind: Any) -> str | None:
    """Return a text as a field of this type expects it: a decimal comma becomes a point, an empty option None."""
    if kind is float:
        return text.replace(",", ".")
    return None if not text.strip() and type(None) in get_args(kind) else text


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%H:%M}" if hasattr(value, "hour") and not hasattr(value, "year") else str(value)


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name)
    if isinstance(value, bool):
        return "on" if value else ""
    return value[:_MAX_FIELD_CHARS].replace("\r\n", "\n") if isinstance(value, str) else ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SITUATIONS: Final = tuple(situation.value for situation in preferences.Situation)

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
        *(f"notices.{situation}" for situation in SITUATIONS),
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
