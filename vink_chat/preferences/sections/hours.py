"""Working hours: the week, the holidays, the time zone."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar, Final, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from vink_chat.kit.clock import ZONES
from vink_chat.preferences.sections.base import Piece, Section, invalid

_FARTHEST_DAYS: Final = 60
_MIDNIGHT: Final = time(0, 0)


class Day(Piece):
    """The hours of one weekday, or closed. Closing at 00:00 means the end of the day."""

    working: bool = Field(default=True, title="рабочий день")
    opens: time = Field(default=time(9, 0), title="открытие")
    closes: time = Field(default=time(18, 0), title="закрытие")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise invalid("напишите время без часового пояса, например 09:00")
        if self.working and self.closes != _MIDNIGHT and self.opens >= self.closes:
            raise invalid("время закрытия должно быть позже времени открытия")
        return self

    def holds(self, moment: time) -> bool:
        """Tell whether a local time is within the working hours."""
        return self.working and self.opens <= moment and (self.closes == _MIDNIGHT or moment < self.closes)


_DAY_OFF: Final = Day(working=False)


class Week(Piece):
    """The seven days."""

    monday: Day = Field(default=Day(), title="Понедельник")
    tuesday: Day = Field(default=Day(), title="Вторник")
    wednesday: Day = Field(default=Day(), title="Среда")
    thursday: Day = Field(default=Day(), title="Четверг")
    friday: Day = Field(default=Day(), title="Пятница")
    saturday: Day = Field(default=_DAY_OFF, title="Суббота")
    sunday: Day = Field(default=_DAY_OFF, title="Воскресенье")

    def day(self, when: date) -> Day:
        """Return the hours of a date's weekday."""
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return days[when.weekday()]


def _known_zone(name: str) -> str:
    if name not in ZONES:
        raise invalid("такого часового пояса нет; напишите, например, Europe/Moscow")
    return name


def _once_in_order(days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


class Hours(Section):
    """Working hours; if disabled, the desk is always open."""

    key: ClassVar[str] = "hours"

    enabled: bool = Field(default=False, title="Учитывать рабочее время")
    zone: Annotated[str, AfterValidator(_known_zone)] = Field(default="Europe/Moscow", title="Часовой пояс")
    week: Week = Field(default=Week(), title="Рабочая неделя")
    holidays: Annotated[tuple[date, ...], Field(max_length=400), AfterValidator(_once_in_order)] = Field(
        default=(), title="Праздники"
    )

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the desk is open at a moment (aware)."""
        if not self.enabled:
            return True
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.date() not in self.holidays and self.week.day(local.date()).holds(local.time())

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return the next opening in the shop's time zone: the moment itself if open, None if not within 60 days."""
        zone = ZoneInfo(self.zone)
        local = moment.astimezone(zone)
        if self.is_open(moment):
            return local
        for ahead in range(_FARTHEST_DAYS):
            when = local.date() + timedelta(days=ahead)
            day = self.week.day(when)
            opening = datetime.combine(when, day.opens, zone)
            if day.working and when not in self.holidays and opening > local:
                return opening
        return None
