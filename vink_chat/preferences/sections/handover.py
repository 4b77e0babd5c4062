"""Handover to an operator: texts for the visitor, words that call an operator, and timers."""

from enum import StrEnum
from string import Formatter
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from vink_chat.preferences.sections.base import ONE_LINE, PRINTABLE, Piece, Section, Text, invalid

PLACEHOLDERS: Final = frozenset({"place", "minutes", "wait", "hours", "opens"})
# A saved text equal to an earlier default was not written by the shop; it is replaced by the current default.
_OLD_BUSY_DEFAULTS: Final = frozenset(
    {
        "Передаю вопрос специалисту. Сейчас все заняты: вы {place}-й в очереди, ждать около {minutes} мин.",
        "Передаю вопрос специалисту. Сейчас все заняты: вы {place}-й в очереди{wait}.",
    }
)
_BUSY: Final = "Передаю вопрос специалисту. Вы {place}-й в очереди{wait}."


class Situation(StrEnum):
    """The situation at a handover; each has its own notice."""

    FREE = "free"
    BUSY = "busy"
    NOBODY = "nobody"
    CLOSED = "closed"
    LATE = "late"


def _check_placeholders(text: str) -> str:
    try:
        fields = [field for field in Formatter().parse(text) if field[1] is not None]
    except ValueError:
        fields = None
    # Attribute access such as {place.__class__} is refused too.
    if fields is None or any(name not in PLACEHOLDERS or spec or conversion for _, name, spec, conversion in fields):
        raise invalid("в фигурных скобках можно писать только {place}, {wait}, {minutes}, {hours} и {opens}")
    return text


Notice = Annotated[Text, AfterValidator(_check_placeholders)]


class Notices(Piece):
    """The visitor's texts at a handover, with placeholders such as ``{place}``, ``{wait}`` and ``{hours}``."""

    free: Notice = Field(
        default="Передаю вопрос специалисту. Он подключится к разговору через минуту.", title="Специалист свободен"
    )
    busy: Annotated[Notice, AfterValidator(lambda text: _BUSY if text in _OLD_BUSY_DEFAULTS else text)] = Field(
        default=_BUSY, title="Есть очередь"
    )
    nobody: Notice = Field(
        default="Передаю вопрос специалисту. Сейчас никого нет на месте. Оставьте имя и телефон или почту: "
        "ответим в течение {hours} ч.",
        title="Никого на смене",
    )
    closed: Notice = Field(
        default="Передаю вопрос специалисту. Сейчас нерабочее время, мы откроемся {opens}. "
        "Оставьте имя и телефон или почту: ответим в начале рабочего дня.",
        title="Нерабочее время",
    )
    late: Notice = Field(
        default="Извините, что заставляем ждать. Оставьте имя и телефон или почту: "
        "специалист ответит в течение {hours} ч. Разговор остаётся в очереди.",
        title="Ожидание затянулось",
    )

    def text(self, situation: Situation, **values: object) -> str:
        """Return the filled-in notice for a situation.

        Args:
            situation: The situation.
            **values: ``place`` in the queue from 1, estimated ``minutes``, the ``wait`` in words (with its comma, or
                empty if unknown), promised ``hours``, ``opens`` as formatted text. Missing ones are left out.
        """
        wording: str = getattr(self, situation.value)
        return wording.format_map(dict.fromkeys(PLACEHOLDERS, "") | values)


CallingWord = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=100), PRINTABLE, ONE_LINE
]


class Handover(Section):
    """Texts, words and timers of the handover."""

    key: ClassVar[str] = "handover"

    notices: Notices = Field(default=Notices(), title="Сообщения посетителю")
    words: Annotated[tuple[CallingWord, ...], Field(max_length=200)] = Field(
        default=("жалоба", "претензия", "рекламация"), title="Слова, которые зовут специалиста"
    )
    minutes_until_alert: Annotated[int, Field(ge=1, le=120)] = Field(default=2, title="Повторный сигнал через, минут")
    minutes_until_form: Annotated[int, Field(ge=1, le=1440)] = Field(default=10, title="Форма для связи через, минут")
    minutes_until_return: Annotated[int, Field(ge=0, le=1440)] = Field(
        default=10, title="Вернуть в очередь, если специалист молчит, минут (0 — не возвращать)"
    )
    returning_minutes: Annotated[int, Field(ge=0, le=10_080)] = Field(
        default=1440,
        title="Вернувшегося сначала предлагать тому, кто с ним говорил, если прошло не больше, минут (0 — сразу всем)",
    )
    seconds_until_away: Annotated[int, Field(ge=10, le=600)] = Field(
        default=75, title="Оператор без связи считается отошедшим через, секунд"
    )
    answers_while_waiting: bool = Field(default=True, title="Ассистент отвечает, пока посетитель ждёт специалиста")
    promised_hours: Annotated[int, Field(ge=1, le=240)] = Field(default=4, title="Обещанный ответ, часов")
    reopen_hours: Annotated[int, Field(ge=0, le=720)] = Field(default=24, title="Разговор можно продолжить, часов")
    idle_close_minutes: Annotated[int, Field(ge=0, le=10_080)] = Field(
        default=120, title="Закрывать молчащий разговор через, минут (0 — не закрывать)"
    )
    gone_close_minutes: Annotated[int, Field(ge=0, le=10_080)] = Field(
        default=30, title="Закончить ожидание, если посетитель ушёл и ничего не оставил, через, минут (0 — ждать)"
    )
    low_confidence_in_a_row: Annotated[int, Field(ge=1, le=10)] = Field(
        default=2, title="Неуверенных ответов подряд до вызова специалиста"
    )
