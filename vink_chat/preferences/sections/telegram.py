"""How the Telegram bot works: how updates come, and whether a group stands beside the operators' own chats."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from vink_chat.preferences.sections.base import Section, wrong


class Telegram(Section):
    """The bot's manners; its token is a setting of the installation."""

    key: ClassVar[str] = "telegram"

    webhook: bool = Field(default=False, title="Получать обновления по вебхуку (нужен https-адрес чата)")
    group_id: Annotated[int, Field(lt=0)] | None = Field(default=None, title="Номер группы операторов")
    topics: bool = Field(default=False, title="Отдельная тема группы на каждый разговор")

    @model_validator(mode="after")
    def _group_for_topics(self) -> Self:
        if self.topics and self.group_id is None:
            raise wrong("для тем укажите номер группы")
        return self
