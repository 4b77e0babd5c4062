"""Operators' tools: canned replies and the Telegram bot."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from vink_chat.preferences.sections.base import Line, Piece, Section, Text, invalid


class CannedReply(Piece):
    """A prepared text that an operator inserts with ``/shortcut``."""

    shortcut: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w-]{1,32}$")] = Field(
        title="Сокращение"
    )
    title: Line = Field(title="Название")
    text: Text = Field(title="Текст")


def _different(replies: tuple[CannedReply, ...]) -> tuple[CannedReply, ...]:
    if len({reply.shortcut for reply in replies}) < len(replies):
        raise invalid("сокращения не должны повторяться")
    return replies


def _canned(shortcut: str, title: str, text: str) -> CannedReply:
    return CannedReply(shortcut=shortcut, title=title, text=text)


class Canned(Section):
    """The canned replies of the desk."""

    key: ClassVar[str] = "canned"

    replies: Annotated[tuple[CannedReply, ...], Field(max_length=300), AfterValidator(_different)] = Field(
        default=(
            _canned("привет", "Приветствие", "Здравствуйте! Я специалист поддержки «Винк». Чем могу помочь?"),
            _canned("минуту", "Уточняю", "Одну минуту, уточню и вернусь с ответом."),
            _canned("заказ", "Номер заказа", "Подскажите, пожалуйста, номер заказа или счёта."),
            _canned("контакт", "Контакты", "Оставьте, пожалуйста, телефон или почту: пришлю подробности."),
            _canned("спасибо", "Прощание", "Спасибо за обращение! Если появятся вопросы, пишите."),
        ),
        title="Готовые ответы",
    )


# Bot API: Chat, «at most 52 significant bits».
GroupId = Annotated[int, Field(lt=0, ge=-(2**52))]


class Language(StrEnum):
    """A language the bot speaks."""

    RUSSIAN = "ru"
    ENGLISH = "en"


class Telegram(Section):
    """How the bot works; its token is a setting."""

    key: ClassVar[str] = "telegram"

    webhook: bool = Field(default=False, title="Получать обновления по вебхуку (нужен https-адрес чата)")
    group_id: GroupId | None = Field(default=None, title="Номер группы операторов")
    topics: bool = Field(default=False, title="Отдельная тема группы на каждый разговор")

    language: Language = Field(default=Language.RUSSIAN, title="Язык бота в группе")

    @field_validator("topics")
    @classmethod
    def _group_for_topics(cls, topics: bool, given: ValidationInfo) -> bool:  # noqa: FBT001  the field's value
        # An invalid group id is reported by its own field.
        if topics and given.data.get("group_id", 0) is None:
            raise invalid("для тем укажите номер группы")
        return topics
