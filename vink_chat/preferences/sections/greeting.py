"""What visitors see before they write: the greeting, popular questions, the line about personal data."""

import re
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from vink_chat.preferences.sections.base import (
    ONE_LINE,
    PRINTABLE,
    Line,
    MaybeLine,
    Piece,
    Section,
    Text,
    invalid,
    sized,
)


class Greeting(Section):
    """The first words of the chat."""

    key: ClassVar[str] = "greeting"

    text: Text = Field(
        default="Здравствуйте! Это чат компании «Винк». Подскажу по материалам и оборудованию для рекламы и печати, "
        "по заказам, доставке и оплате. Что вас интересует?",
        title="Приветствие",
    )
    contacts: MaybeLine = Field(default="", title="Как ещё с вами связаться: телефон, почта или адрес")
    reply_time: MaybeLine = Field(default="Обычно отвечаем за несколько секунд", title="Подсказка о времени ответа")


class QuestionGroup(Piece):
    """Popular questions under one title."""

    title: Line = Field(title="Название группы")
    questions: Annotated[tuple[Line, ...], Field(min_length=1, max_length=12)] = Field(title="Вопросы")


def _group(title: str, *questions: str) -> QuestionGroup:
    return QuestionGroup(title=title, questions=questions)


class PopularQuestions(Section):
    """Questions that a visitor can ask with one click, shown in this order."""

    key: ClassVar[str] = "popular_questions"

    groups: Annotated[tuple[QuestionGroup, ...], Field(max_length=12)] = Field(
        default=(
            _group(
                "Заказы",
                "Как оформить заказ?",
                "Какие документы нужны для регистрации?",
                "Как вернуть или обменять товар?",
                "Можно ли получить образцы материалов?",
            ),
            _group(
                "Доставка",
                "Сколько стоит доставка?",
                "Сколько дней идёт доставка?",
                "Можно ли забрать заказ самовывозом?",
            ),
            _group(
                "Оплата",
                "Какие способы оплаты вы принимаете?",
                "Как получить счёт и закрывающие документы?",
            ),
            _group(
                "Материалы",
                "Какая баннерная ткань подойдёт для улицы?",
                "Чем отличается литая плёнка от каландрированной?",
                "Какой толщины бывает листовой ПВХ?",
                "Какие чернила подойдут к моему принтеру?",
            ),
        ),
        title="Группы вопросов",
    )


_POLICY: Final = re.compile(r"(https?://[^\s\"'<>\\]+|/(?!/)[^\s\"'<>\\]*)?")


def _policy(value: str) -> str:
    if not _POLICY.fullmatch(value):
        raise invalid("напишите адрес страницы, который начинается с https:// или с /")
    return value


class Consent(Section):
    """The line about personal data; without a policy URL it is not shown, and no consent is recorded."""

    key: ClassVar[str] = "consent"

    text: Annotated[str, sized(500, 1), PRINTABLE, ONE_LINE] = Field(
        default="Отправляя сообщение или контакты, вы соглашаетесь на обработку персональных данных.",
        title="Текст согласия",
    )
    policy_url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_policy)] = (
        Field(default="", title="Адрес политики (пусто — строка не показывается)")
    )
