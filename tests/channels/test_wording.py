"""What operators read in Telegram says who, what and why, in their words."""

from uuid import uuid4

from tests.channels.desk import INVITES, invited, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations
from vink_chat.bootstrap import Runtime
from vink_chat.channels.telegram import cards
from vink_chat.conversations import Author, Conversation, Message, VisitorContext, visitors
from vink_chat.kit import db

OLGA, PETR = 11, 12


async def test_an_invitation_says_who_asks_what_and_where(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = Visitor()
    await anna.writes("Счёт на 50 листов", context=VisitorContext(page="https://vink.ru/catalog/?utm=1"))
    async with db.transaction() as tx:
        await visitors.describe(tx, (await anna.conversation()).id, name="Ольга Петрова", email="", phone="")
    await anna.presses_the_button()

    call = await invited(bot, OLGA, anna)

    first, second, *rest = call.text.split("\n")
    assert first.startswith(f"🔔 {INVITES} {tag(anna)} · Ольга Петрова · с ")
    assert second == "«Счёт на 50 листов»"
    assert "Страница: vink.ru/catalog" in rest


async def test_an_invitation_follows_what_the_visitor_asks(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Есть плёнка?")
    call = await invited(bot, OLGA, anna)

    await anna.writes("И сколько стоит баннер?")

    await bot.until(lambda: "«И сколько стоит баннер?»" in call.text, "the new question")
    assert list(call.buttons) == ["Взять"]


async def test_who_is_given_a_conversation_reads_from_whom_and_with_which_note(house: Runtime, bot: Telegram):
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    petr = Colleague(await joins(bot, PETR, "Пётр"), "Пётр")

    await olga.transfers((await anna.conversation()).id, petr, "нужен макет")

    card = await bot.read(PETR, f"Посетитель {tag(anna)}")
    assert card.text.split("\n")[1] == "Ольга передал(а) вам разговор: «нужен макет»"
    assert "Состояние" not in card.text


async def test_each_message_of_a_visitor_says_whose_it_is(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    await anna.writes("Вы здесь?")

    assert (await bot.read(OLGA, "Вы здесь?")).text == f"{tag(anna)}: Вы здесь?"


async def test_the_list_of_colleagues_says_how_much_each_has_to_do(house: Runtime, bot: Telegram):
    petr = Colleague(await joins(bot, PETR, "Пётр"), "Пётр")
    boris = await waits()
    await petr.claims((await boris.conversation()).id)
    await joins(bot, OLGA, "Ольга")
    await hire("Вера")
    anna = await waits()
    await takes(bot, OLGA, anna)
    card = next(one for one in bot.seen(OLGA) if "Передать" in one.buttons)

    await bot.answered(bot.press(OLGA, card, "Передать"))

    menu = await bot.read(OLGA, "Кому передать разговор?")
    assert list(menu.buttons) == ["Вера", "Пётр · ведёт: 1"]


async def test_a_note_of_what_was_not_delivered_is_in_plain_words(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", code=400, description="Bad Request: message text is empty")

    await anna.writes("Вы здесь?")

    await bot.read(OLGA, "Telegram не принял пустой текст")
    async with db.reading() as tx:
        said = await conversations.conversation_messages(tx, (await anna.conversation()).id)
    assert said[-1].note


def test_a_quotation_that_is_cut_says_so():
    message = Message(
        conversation_id=uuid4(), visitor_id=uuid4(), position=1, author=Author.OPERATOR, author_name="Ольга", text="Да"
    )
    message.quote = "баннер " * 30

    words = cards.relayed(message, Conversation(visitor_id=message.visitor_id), "ru", topic=False)

    assert words.startswith("Ольга:\n«баннер ")
    assert words.endswith(" баннер…»\nДа")
