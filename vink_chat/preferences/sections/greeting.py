"""What a visitor reads before writing a word: the greeting and the popular questions."""

from typing import Annotated, ClassVar

from pydantic import Field

from vink_chat.preferences.sections.base import Line, MaybeLine, Piece, Section, Text


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
    """Questions a visitor asks with one press; groups and questions are shown in this order."""

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
