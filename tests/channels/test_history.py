"""A long history does not pour into the chat: its end is shown, and all of it comes as a file when it is asked for."""

from datetime import timedelta
from uuid import uuid4

from tests.channels.desk import joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.makers import Colleague, Visitor
from vink_chat import conversations
from vink_chat.bootstrap import Runtime
from vink_chat.channels.telegram import cards
from vink_chat.conversations import Author, Message
from vink_chat.kit import db

OLGA = 11


async def test_a_long_history_is_sent_as_a_file_on_demand(house: Runtime, bot: Telegram):
    petr = Colleague(await joins(bot, 12, "Пётр"), "Пётр")
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits("Позовите оператора")
    conversation = await anna.conversation()
    await petr.claims(conversation.id)
    for number in range(30):
        async with db.transaction() as tx:
            await conversations.reply(tx, conversation.id, petr.id, "Пётр", f"Ответ {number:02}")

    await petr.transfers(conversation.id, olga)

    earlier = await bot.read(OLGA, f"Предыдущая переписка с {tag(anna)}:")
    assert "Ответ 29" in earlier.text
    assert "Ответ 10" not in earlier.text
    assert len(bot.texts(OLGA)) < 6
    assert await bot.answered(bot.press(OLGA, earlier, "Вся переписка")) == "Отправляю файлом."
    file = await bot.until(lambda: next((one for one in bot.seen(OLGA) if one.document), None), "the file")
    assert file.document.startswith(f"{tag(anna)}.txt\n")
    assert all(f"Ответ {number:02}" in file.document for number in range(30))


async def test_a_short_history_has_no_such_button(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()

    await takes(bot, OLGA, anna)

    assert not [one for one in bot.seen(OLGA) if "Вся переписка" in one.buttons]


def test_of_a_history_nobody_could_read_the_end_is_sent():
    longest = [
        Message(
            conversation_id=uuid4(), visitor_id=uuid4(), position=number, author=Author.VISITOR,
            text=f"{number} " + "а" * 3990,
        )
        for number in range(2000)
    ]  # fmt: skip

    whole, short = cards.history(longest, "ru"), cards.history(longest[-10:], "ru")

    assert whole.startswith("Начало не показано")
    assert len(whole) < cards.LONGEST_HISTORY * 1.1
    assert "1999 а" in whole
    assert "Начало" not in short


async def test_over_what_waits_for_an_answer_stands_since_when_it_waits(house: Runtime):
    anna = Visitor()
    await anna.writes("Позовите оператора")
    await anna.writes("Вы здесь?")
    conversation, said = await anna.conversation(), await anna.reads()
    said = [one for one in said if one.author is Author.VISITOR]
    said[0] = said[0]._replace(created_at=said[0].created_at - timedelta(minutes=35))
    first, last = (f"{cards.moment(one.created_at):%H:%M}" for one in said)

    shown = cards.unanswered(said, conversation, "ru")

    assert shown == f"Ждут ответа, от {tag(anna)} ({first}–{last}):\n\nПозовите оператора\n\nВы здесь?"
    assert cards.unanswered(said[1:], conversation, "ru") == f"Ждут ответа, от {tag(anna)} ({last}):\n\nВы здесь?"
