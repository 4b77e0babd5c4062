"""A text goes to the visitor it can only be meant for; otherwise the bot asks, and sends what it kept."""

import time_machine

from tests.channels import desk
from tests.channels.desk import handled, invited, joins, tag, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.makers import Colleague, Visitor
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.kit.clock import now

OLGA = 11
WHOM = "Кому отправить?"


async def leads_two(bot: Telegram) -> tuple[Visitor, Visitor]:
    """Have Ольга lead two conversations, the first of which she wrote in."""
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna, boris = await waits(), await waits()
    for visitor in (anna, boris):
        call = await invited(bot, OLGA, visitor)
        await olga.claims((await visitor.conversation()).id)
        await bot.until(lambda call=call: call.text == "Вы взяли этот разговор.", "the card")
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")
    bot.say(OLGA, "Здравствуйте, Анна", answers=card.number)
    await handled(bot)
    return anna, boris


async def _asked(bot: Telegram, words: str, *candidates: Visitor) -> Message:
    bot.say(OLGA, words)
    question = await bot.read(OLGA, WHOM)
    await bot.until(lambda: set(question.buttons) == {*(tag(one) for one in candidates), "Никому"}, "the buttons")
    return question


async def test_a_text_after_anothers_message_waits_for_its_addressee(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, f"{tag(boris)}: Я Борис")

    question = await _asked(bot, "Пять дней", anna, boris)
    assert await boris.texts("operator") == []
    assert await anna.texts("operator") == ["Здравствуйте, Анна"]
    await bot.answered(bot.press(OLGA, question, tag(boris)))

    assert await boris.texts("operator") == ["Пять дней"]
    await bot.until(lambda: question.text == f"Отправлено: {tag(boris)}" and not question.buttons, "the end")
    bot.say(OLGA, "Ещё вам")
    await handled(bot)
    assert await boris.texts("operator") == ["Пять дней", "Ещё вам"]


async def test_while_nobody_else_wrote_the_text_goes_on_to_the_same_visitor(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await anna.writes("Я Анна")
    await bot.read(OLGA, f"{tag(anna)}: Я Анна")

    bot.say(OLGA, "Слушаю вас")
    await handled(bot)

    assert (await anna.texts("operator"))[-1] == "Слушаю вас"
    assert await boris.texts("operator") == []


async def test_texts_typed_while_the_bot_asks_go_together_and_once(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, "Я Борис")
    question = await _asked(bot, "Раз", anna, boris)

    second = bot.say(OLGA, "Двва")
    bot.say(OLGA, "// заметка")
    bot.edit(second, "Два")
    await bot.until(lambda: "Сообщений: 3" in question.text, "the count")
    data = question.buttons[tag(anna)]
    await bot.answered(bot.press(OLGA, question, tag(anna)))
    again = await bot.answered(bot.press_data(OLGA, question, data))

    assert (await anna.texts("operator"))[1:] == ["Раз", "Два"]
    assert await desk.notes(anna) == ["заметка"]
    assert again == "Этот текст уже отправлен или отменён."


async def test_a_text_after_yet_another_message_has_a_question_of_its_own(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Цена?")
    await bot.read(OLGA, f"{tag(boris)}: Цена?")
    price = await _asked(bot, "100 рублей", anna, boris)
    await anna.writes("Адрес?")
    await bot.read(OLGA, f"{tag(anna)}: Адрес?")

    bot.say(OLGA, "Ленина 5")
    address = await bot.read(OLGA, "«Ленина 5»")

    assert address.number > price.number
    assert "«100 рублей»" in price.text
    assert "100 рублей" not in address.text
    assert "Ленина 5" not in price.text
    await bot.until(lambda: tag(anna) in address.buttons, "the buttons")
    await bot.answered(bot.press(OLGA, price, tag(boris)))
    await bot.answered(bot.press(OLGA, address, tag(anna)))
    assert await boris.texts("operator") == ["100 рублей"]
    assert await anna.texts("operator") == ["Здравствуйте, Анна", "Ленина 5"]


async def test_a_question_names_a_kept_text_as_its_writer_corrects_it(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Цена?")
    await bot.read(OLGA, "Цена?")
    bot.say(OLGA, "Я сейчас")
    question = await bot.read(OLGA, "«Я сейчас»")

    second = bot.say(OLGA, "100 рублей")
    await bot.until(lambda: "«100 рублей»" in question.text, "both texts are named")
    bot.edit(second, "200 рублей")

    await bot.until(lambda: "«Я сейчас»" in question.text and "«200 рублей»" in question.text, "the corrected text")
    assert tag(anna) in question.buttons


async def test_nobody_gets_what_was_meant_for_nobody(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, "Я Борис")
    question = await _asked(bot, "Ой", anna, boris)

    await bot.answered(bot.press(OLGA, question, "Никому"))

    await bot.until(lambda: question.text == "Никому не отправлено." and not question.buttons, "the end")
    assert "Ой" not in [*await anna.texts(), *await boris.texts()]


async def test_a_kept_text_survives_a_restart(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot):
        anna, boris = await leads_two(bot)
        await boris.writes("Я Борис")
        await bot.read(OLGA, "Я Борис")
        question = await _asked(bot, "Пять дней", anna, boris)

    async with desk.working(sqlite_tables_url, bot):
        await bot.answered(bot.press(OLGA, question, tag(boris)))

        assert await boris.texts("operator") == ["Пять дней"]


async def test_a_kept_text_grows_too_old(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, "Я Борис")
    question = await _asked(bot, "Пять дней", anna, boris)

    with time_machine.travel(now().replace(year=now().year + 1)):
        await bot.answered(bot.press(OLGA, question, tag(boris)))

    await bot.until(lambda: "не отправлен" in question.text, "the end")
    assert await boris.texts("operator") == []


async def test_a_kept_text_does_not_reach_a_conversation_that_is_over(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, "Я Борис")
    question = await _asked(bot, "Пять дней", anna, boris)
    conversation = await boris.conversation()
    assert conversation.operator_id
    await Colleague(conversation.operator_id, "Ольга").finishes(conversation.id)

    assert await bot.answered(bot.press(OLGA, question, tag(boris))) == "Этот разговор сейчас ведёте не вы."
    await bot.answered(bot.press(OLGA, question, tag(anna)))

    assert await boris.texts("operator") == []
    assert (await anna.texts("operator"))[-1] == "Пять дней"


async def test_the_last_of_two_needs_no_question(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")

    with time_machine.travel(now().replace(year=now().year + 1)):
        bot.say(OLGA, "Теперь вам")
        await handled(bot)

    assert await boris.texts("operator") == ["Теперь вам"]


async def test_finish_asks_which_of_two_when_it_is_not_clear(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, "Я Борис")

    bot.say(OLGA, "/finish")
    question = await bot.read(OLGA, "Какой разговор завершить?")
    await bot.until(lambda: tag(boris) in question.buttons, "the buttons")
    await bot.answered(bot.press(OLGA, question, tag(boris)))

    await bot.read(OLGA, f"Чат с посетителем {tag(boris)} окончен.")
    assert (await boris.conversation()).status is Status.CLOSED
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_a_double_finish_ends_one_thing(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.say(OLGA, "/finish")
    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")
    bot.say(OLGA, "/finish")

    await bot.read(OLGA, "Смена продолжается")
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы на месте.")


async def test_a_finish_just_after_the_conversation_ended_by_itself_keeps_the_shift(house: Runtime, bot: Telegram):
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    await olga.finishes((await anna.conversation()).id)
    bot.say(OLGA, "/finish")

    await bot.read(OLGA, "Смена продолжается")
    with time_machine.travel(now().replace(year=now().year + 1)):
        bot.say(OLGA, "/finish")
        await handled(bot)
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы не на смене.")


async def test_a_pause_off_shift_says_that_there_is_no_shift(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    with time_machine.travel(now().replace(year=now().year + 1)):
        bot.say(OLGA, "/finish")
        await handled(bot)

    bot.say(OLGA, "/pause")

    await bot.read(OLGA, "Вы не на смене. Чтобы выйти на смену, нажмите /start.")
    bot.say(OLGA, "/status")
    assert (await bot.read(OLGA, "Ждут: 0")).text.startswith("Вы не на смене.")
