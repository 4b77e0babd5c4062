"""An operator who holds two conversations answers each in its own."""

import pytest

from tests.channels.desk import handled, invited, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.makers import Colleague, Visitor
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status

OLGA = 11


async def _leads_two(bot: Telegram) -> tuple[Visitor, Visitor]:
    """Have Ольга lead two conversations, all of which stands in her Telegram."""
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna, boris = await waits(), await waits()
    for visitor in (anna, boris):
        call = await invited(bot, OLGA, visitor)
        await olga.claims((await visitor.conversation()).id)
        await bot.until(lambda call=call: call.text == "Вы взяли этот разговор.", "the card")
    return anna, boris


async def test_who_leads_two_conversations_answers_each_in_its_own(house: Runtime, bot: Telegram):
    anna, boris = await _leads_two(bot)

    await anna.writes("Я Анна")
    first = await bot.read(OLGA, f"{tag(anna)}: Я Анна")
    bot.say(OLGA, "Анне", answers=first.number)
    await handled(bot)
    bot.say(OLGA, "Снова Анне")
    await boris.writes("Я Борис")
    second = await bot.read(OLGA, f"{tag(boris)}: Я Борис")
    bot.say(OLGA, "Борису", answers=second.number)
    await handled(bot)

    assert await anna.texts("operator") == ["Анне", "Снова Анне"]
    assert await boris.texts("operator") == ["Борису"]


async def test_a_ready_answer_counts_as_written(house: Runtime, bot: Telegram):
    anna, boris = await _leads_two(bot)
    card = await bot.read(OLGA, f"Посетитель {tag(boris)}")
    ready = preferences.current(preferences.Canned).replies[0]
    bot.say(OLGA, "Анне", answers=(await bot.read(OLGA, f"Посетитель {tag(anna)}")).number)
    await handled(bot)

    await bot.answered(bot.press(OLGA, card, "Шаблоны"))
    await bot.answered(bot.press(OLGA, await bot.read(OLGA, "Какой ответ отправить?"), ready.title))
    bot.say(OLGA, "Ещё Борису")
    await handled(bot)

    assert await anna.texts("operator") == ["Анне"]
    assert await boris.texts("operator") == [ready.text, "Ещё Борису"]


async def test_an_answer_that_comes_before_the_sending_is_written_down_finds_its_place(house: Runtime, bot: Telegram):
    anna, boris = await _leads_two(bot)
    bot.fail("sendMessage", kind="hang_after", seconds=1)

    asked = await anna.writes("Я Анна")
    read = await bot.read(OLGA, f"{tag(anna)}: Я Анна")
    bot.say(OLGA, "Анне", answers=read.number)
    await handled(bot)

    last = (await anna.reads())[-1]
    assert (last.text, last.quote_id) == ("Анне", asked.id)
    assert await boris.texts("operator") == []


async def test_an_answer_to_an_unknown_message_goes_to_nobody_while_several_could_be_meant(
    house: Runtime, bot: Telegram
):
    anna, boris = await _leads_two(bot)
    # Telegram has taken it, but never said so: the first of the two is known to nobody.
    bot.fail("sendMessage", kind="cut_after")
    await anna.writes("Я Анна")
    twin = await bot.read(OLGA, f"{tag(anna)}: Я Анна")
    await bot.until(lambda: len([text for text in bot.texts(OLGA) if "Я Анна" in text]) == 2, "the double")

    bot.say(OLGA, "Анне", answers=twin.number)

    await bot.read(OLGA, "Кому отправить?")
    assert await anna.texts("operator") == await boris.texts("operator") == []


@pytest.mark.parametrize(
    ("words", "question"), [("И ещё вам", "Кому отправить?"), ("/finish", "Какой разговор завершить?")]
)
async def test_words_for_a_conversation_that_has_just_ended_go_to_no_other(
    house: Runtime, bot: Telegram, words: str, question: str
):
    anna, boris = await _leads_two(bot)
    await anna.writes("Я Анна")
    read = await bot.read(OLGA, f"{tag(anna)}: Я Анна")
    bot.say(OLGA, "Анне", answers=read.number)
    await handled(bot)
    conversation = await anna.conversation()
    assert conversation.operator_id
    await Colleague(conversation.operator_id, "Ольга").finishes(conversation.id)

    bot.say(OLGA, words)

    asked = await bot.read(OLGA, question)
    await bot.until(lambda: tag(boris) in asked.buttons, "the only one left")
    assert await boris.texts("operator") == []
    assert (await boris.conversation()).status is Status.ATTENDED


async def test_who_gets_a_conversation_after_the_last_one_ended_just_writes(house: Runtime, bot: Telegram):
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna, boris = await waits(), await waits()
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")
    await olga.claims((await boris.conversation()).id)
    await bot.read(OLGA, f"Ждут ответа, от {tag(boris)}")

    bot.say(OLGA, "Здравствуйте, Борис")
    await handled(bot)

    assert await boris.texts("operator") == ["Здравствуйте, Борис"]
