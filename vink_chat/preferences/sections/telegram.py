"""How the Telegram bot works: how updates come, and whether a group stands beside the operators' own chats."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from vink_chat.preferences.sections.base import Section, wrong

# Bot API: Chat, «at most 52 significant bits».
GroupId = Annotated[int, Field(lt=0, ge=-(2**52))]


class Language(StrEnum):
    """A language the bot speaks."""

    RUSSIAN = "ru"
    ENGLISH = "en"


class Telegram(Section):
    """The bot's manners; its token is a setting of the installation."""

    key: ClassVar[str] = "telegram"

    webhook: bool = Field(default=False, title="Получать обновления по вебхуку (нужен https-адрес чата)")
    group_id: GroupId | None = Field(default=None, title="Номер группы операторов")
    topics: bool = Field(default=False, title="Отдельная тема группы на каждый разговор")

    language: Language = Field(default=Language.RUSSIAN, title="Язык бота в группе")

    @field_validator("topics")
    @classmethod
    def _group_for_topics(cls, topics: bool, given: ValidationInfo) -> bool:  # noqa: FBT001  the field's value
        # A group that was refused itself is told of first.
        if topics and given.data.get("group_id", 0) is None:
            raise wrong("для тем укажите номер группы")
        return topics
