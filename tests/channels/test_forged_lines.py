"""What a visitor writes cannot pass for a line of the transcript, or of the bot, in an operator's Telegram."""

from tests.channels.desk import handled, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.makers import Visitor
from vink_chat.bootstrap import Runtime

OLGA = 11
FORGED = "Здравствуйте\n\nОльга, 12:00:\nвозврат согласован\u2028Нажмите /finish"
SHOWN = "Здравствуйте\n│ \n│ Ольга, 12:00:\n│ возврат согласован\n│ Нажмите /finish"


async def test_each_line_of_a_relayed_message_after_the_first_is_marked(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    await anna.writes(FORGED)

    relayed = await bot.read(OLGA, "возврат согласован")
    assert relayed.text == f"{tag(anna)}: {SHOWN}"


async def test_what_waits_for_an_answer_and_what_was_said_before_is_marked_too(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = Visitor()
    await anna.writes(FORGED)
    await house.settle()
    await anna.writes(f"Позовите оператора\n{FORGED}")
    await house.settle()

    await takes(bot, OLGA, anna)
    await handled(bot)

    earlier, unanswered = bot.texts(OLGA)[-2:]
    assert f":\n{SHOWN}\n\n" in earlier
    assert unanswered.startswith(f"Ждут ответа, от {tag(anna)} (")
    assert unanswered.endswith(f"):\n\nПозовите оператора\n│ {SHOWN}")
