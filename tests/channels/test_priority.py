"""How urgent a conversation is: chosen from its card or by a command, and shown wherever it is read."""

from tests.channels.desk import INVITES, handled, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import queue
from vink_chat.conversations.queue import Priority
from vink_chat.kit import db

OLGA, PETR, GROUP = 11, 12, -1001


async def test_a_button_of_the_card_offers_the_choice(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")

    await bot.answered(bot.press(OLGA, card, "Важность"))
    menu = await bot.read(OLGA, f"Насколько важен разговор с посетителем {tag(anna)}?")
    assert list(menu.buttons) == ["Срочный", "Важный", "Обычный", "Не срочный"]
    said = await bot.answered(bot.press(OLGA, menu, "Срочный"))

    assert said == f"Разговор с посетителем {tag(anna)}: Срочный."
    assert (await anna.conversation()).priority == Priority.URGENT


async def test_a_command_sets_it_by_its_word_and_what_is_no_priority_is_refused(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.say(OLGA, "/priority важный")
    await bot.read(OLGA, f"Разговор с посетителем {tag(anna)}: Важный.")
    assert (await anna.conversation()).priority == Priority.HIGH

    bot.say(OLGA, "/priority как-нибудь")
    await bot.read(OLGA, "Не найдено.")
    assert (await anna.conversation()).priority == Priority.HIGH


async def test_a_command_about_nobody_asks_whom_it_is_about(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")

    bot.say(OLGA, "/priority срочный")

    await bot.read(OLGA, "О каком разговоре речь?")


async def test_invitations_and_the_queue_show_what_is_urgent_first(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna, boris = await waits(), await waits("Нужен человек")
    invitation = await bot.read(OLGA, f"{INVITES} {tag(boris)}")

    async with db.transaction() as tx:
        await queue.set_priority(tx, (await boris.conversation()).id, "urgent")

    await bot.until(lambda: "🔴 Срочный" in invitation.text, "the priority on the invitation")
    bot.say(OLGA, "/queue")
    await handled(bot)
    listed = await bot.read(OLGA, "Ждут: 2")
    assert listed.text.index(f"🔴 {tag(boris)}") < listed.text.index(tag(anna))


async def test_a_topic_shows_it_in_its_name_and_card_and_is_not_called_again(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits()

    def topic() -> int:
        return next((thread for (_, thread), one in bot.topics.items() if one["name"].endswith(tag(anna))), 0)

    thread = await bot.until(topic, "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.read(GROUP, "Ждут ответа, от", thread=thread)
    so_far = len(bot.texts(GROUP))

    async with db.transaction() as tx:
        await queue.set_priority(tx, (await anna.conversation()).id, "high")
    await bot.until(lambda: bot.topics[GROUP, thread]["name"] == f"ждёт · 🟠 {tag(anna)}", "the name")
    await bot.until(lambda: "🟠 Важный" in card.text, "the card")
    assert len(bot.texts(GROUP)) == so_far

    await olga.claims((await anna.conversation()).id)
    await bot.until(lambda: bot.topics[GROUP, thread]["name"] == f"ведёт Ольга · 🟠 {tag(anna)}", "who holds it")
    so_far = len(bot.texts(GROUP))
    async with db.transaction() as tx:
        await queue.set_priority(tx, (await anna.conversation()).id, "normal")
    await bot.until(lambda: bot.topics[GROUP, thread]["name"] == f"ведёт Ольга · {tag(anna)}", "the name")
    assert not [text for text in bot.texts(GROUP)[so_far:] if "передан" in text]


async def test_a_choice_left_from_a_conversation_that_is_over_is_refused(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")
    await bot.answered(bot.press(OLGA, card, "Важность"))
    menu = await bot.read(OLGA, f"Насколько важен разговор с посетителем {tag(anna)}?")
    olga = (await anna.conversation()).operator_id
    assert olga is not None
    await Colleague(olga, "Ольга").finishes((await anna.conversation()).id)

    said = await bot.answered(bot.press(OLGA, menu, "Срочный"))

    assert said == "Этот разговор уже завершён."
    assert (await anna.conversation()).priority == Priority.NORMAL
