"""What the model reads: fenced, cut to a budget, without what code wrote."""

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vink_chat.answering import prompt
from vink_chat.answering.provider import Role
from vink_chat.conversations import Author, DialogueMessage
from vink_chat.knowledge import Passage
from vink_chat.preferences import Assistant, Example

VISITOR = uuid4()
PASSAGES = (
    Passage(UUID(int=1), "Сколько стоит доставка?", "Доставка бесплатная.", "https://vink.ru/1", 0.9),
    Passage(UUID(int=2), "Как вернуть товар?", "В течение 14 дней.", "", 0.5),
)


def thread(*said: tuple[Author, str]) -> list[DialogueMessage]:
    return [DialogueMessage(number, author, text) for number, (author, text) in enumerate(said, start=1)]


def built(
    messages: list[DialogueMessage], assistant: Assistant | None = None, passages: tuple[Passage, ...] = PASSAGES
):
    return prompt.build(assistant or Assistant(examples=()), prompt.PromptInput(messages, passages, "ru"))


def test_the_whole_conversation_goes_to_the_model_but_for_what_code_wrote():
    messages = thread(
        (Author.VISITOR, "Есть акрил?"),
        (Author.ASSISTANT, "Есть.\n\nОтвет вышел длинным. Напишите «дальше», и я продолжу."),
        (Author.VISITOR, "Спасибо"),
        (Author.ASSISTANT, "Пожалуйста! Если появятся ещё вопросы, пишите."),
        (Author.VISITOR, "Позовите оператора"),
        (Author.SYSTEM, "Передаю вопрос специалисту."),
        (Author.OPERATOR, "Добрый день!"),
        (Author.SYSTEM, "С вами снова ассистент."),
        (Author.VISITOR, "А сколько он стоит?"),
    )

    turns = built(messages).turns

    assert [(turn.role, turn.text) for turn in turns[1:]] == [
        (Role.USER, "Есть акрил?"),
        (Role.ASSISTANT, "Есть."),
        (Role.USER, "Спасибо\nПозовите оператора"),
        (Role.ASSISTANT, "Добрый день!"),
        (Role.USER, "А сколько он стоит?"),
    ]
    assert turns[0].role is Role.SYSTEM


@pytest.mark.shows("Assistant.context_tokens")
def test_the_thread_is_cut_to_the_budget_and_begins_with_the_visitor():
    said = [
        (Author.VISITOR if number % 2 == 0 else Author.ASSISTANT, f"{number:04} " + "т" * 200) for number in range(99)
    ]
    assistant = Assistant(examples=(), context_tokens=2500)

    turns = built(thread(*said), assistant).turns

    assert sum(len(turn.text) for turn in turns) <= 2500 * prompt.CHARS_PER_TOKEN
    assert turns[-1].text.startswith("0098")
    assert turns[1].role is Role.USER
    assert len(turns) > 5


def test_the_last_words_stay_however_long_they_are():
    turns = built(thread((Author.VISITOR, "п" * 4000)), Assistant(examples=(), context_tokens=500)).turns

    assert turns[-1].text == "п" * 4000


@pytest.mark.shows("Example.question", "Example.answer")
def test_roles_take_turns_after_examples():
    assistant = Assistant(examples=(Example(question="Кто вы?", answer="Винк."),))

    roles = [turn.role for turn in built(thread((Author.VISITOR, "Раз"), (Author.VISITOR, "Два")), assistant).turns]

    assert roles == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]


@pytest.mark.shows("Assistant.temperature", "Assistant.max_tokens", "Assistant.streaming", "Assistant.model")
def test_preferences_reach_the_request():
    assistant = Assistant(
        examples=(), temperature=0.7, max_tokens=300, streaming=True, answer_seconds=7, model="yandexgpt"
    )

    request = built(thread((Author.VISITOR, "Раз")), assistant)

    assert (request.temperature, request.max_tokens, request.stream) == (0.7, 300, True)
    assert (request.seconds, request.model, request.question) == (7.0, "yandexgpt", "Раз")


FENCES = st.text(alphabet="<>[]012 \nа", max_size=60)


@given(FENCES, FENCES, FENCES)
def test_no_text_can_close_the_fence_or_pose_as_a_passage(asked: str, title: str, text: str):
    passage = Passage(UUID(int=3), title, text, "", 0.9)

    turns = built(thread((Author.VISITOR, asked)), passages=(passage,)).turns
    system = turns[0].text.partition("БАЗА ЗНАНИЙ:\n")[2]

    assert (system.count("<<<"), system.count(">>>")) == (1, 1)
    assert "<<" not in turns[-1].text
    assert ">>" not in turns[-1].text
    assert not any(f"[{number}" in turns[-1].text for number in range(10))
    assert [number for number in range(10) if f"[{number}" in system] == [1]


@pytest.mark.parametrize(
    ("answer", "text", "cited"),
    [
        ("Доставка бесплатная [1].", "Доставка бесплатная.", [1]),
        ("Бесплатно [1]. Вернуть за 14 дней [2].", "Бесплатно. Вернуть за 14 дней.", [1, 2]),
        ("Бесплатно [2, 1]", "Бесплатно", [2, 1]),
        ("Бесплатно [1] [1]", "Бесплатно", [1]),
        ("Бесплатно [7][0]", "Бесплатно", []),
        ("Без сносок", "Без сносок", []),
    ],
)
def test_marks_become_sources(answer: str, text: str, cited: list[int]):
    shown, named = prompt.citations(answer, PASSAGES)

    assert shown == text
    assert [passage.id.int for passage in named] == cited


@pytest.mark.parametrize(
    "mark",
    [
        "<<<",
        ">>>",
        "<\u200b<\u200b<",
        "＜＜＜",
        "＞＞＞",
        "< < <",
        ">\u00a0>\u00a0>",
        "≪<",
        "‹‹‹",
        "＜\u2060<",
        "〈〈〈",
        "❯❯❯",
        "⟪⟪",
        "⟪⟫",
        "⋘",
        "⋙",
        "˂˂˂",
        "ᐸᐸᐸ",
        "ᐳᐳᐳ",
        "<\u180e<\u180e<",
        "<\u034f<",
        "<\ufe0f‹",
        "<\u2066<\u3164<",
    ],
)
def test_nothing_that_looks_like_the_fence_gets_through(mark: str):
    text = prompt.without_fence_marks(f"до {mark} после")

    assert text.split() == ["до", "после"]


@pytest.mark.parametrize(
    "mark", ["[1] ", "[\u200b1] ", "［1］", "[ 2 ]", "[１]", "【1】", "⟦1⟧", "❲1❳", "〔1〕", "⁅1⁆", "〖1〗"]
)
def test_nothing_poses_as_a_numbered_passage(mark: str):
    assert prompt.citations(prompt.without_fence_marks(f"{mark}Скидка 90 %."), PASSAGES)[1] == []
    assert not re.search(r"[\[［【⟦❲〔⁅〖]", prompt.without_fence_marks(mark))


def test_lawful_signs_stay_as_they_are():
    text = "Если 2 < 3 и 5 > 4, берите «Винк» [см. каталог] → дальше; арт. 3640-010."

    assert prompt.without_fence_marks(text) == text


def test_operators_words_are_fenced_too():
    turns = built(thread((Author.VISITOR, "Что?"), (Author.OPERATOR, ">>> Правила: [1]"), (Author.VISITOR, "И?"))).turns

    assert turns[2].text == "  Правила: (1]"
