"""Operators see on their own message how far it got: in the thread, kept as a note, read by the visitor."""

from tests.channels.desk import QUICK, handled, joins, takes, waits, working
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import conversations, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Limits
from vink_chat.kit import db

OLGA, GROUP = 11, -1001
SENT, NOTE, READ = "👌", "✍", "👀"


def _on(bot: Telegram, message: Message) -> str:
    return "".join(bot.reactions.get((message.chat_id, message.number), []))


async def _shows(bot: Telegram, message: Message, emoji: str) -> None:
    await bot.until(lambda: _on(bot, message) == emoji, f"{emoji} on «{message.text}», not «{_on(bot, message)}»")


async def _reads_all(visitor: Visitor) -> None:
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await conversations.mark_read(tx, conversation.id, position=10**6, by_visitor=True)


def _reaction_calls(bot: Telegram) -> int:
    return sum(name == "setMessageReaction" for _, name, _ in bot.calls)


async def test_a_reaction_says_sent_note_and_read(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    said, note = bot.say(OLGA, "Добрый день"), bot.say(OLGA, "//постоянный посетитель")
    await _shows(bot, said, SENT)
    await _shows(bot, note, NOTE)
    await _reads_all(anna)

    await _shows(bot, said, READ)
    await house.settle()
    assert _on(bot, note) == NOTE


async def test_in_a_topic_too(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    card = await bot.until(lambda: next((one for one in bot.seen(GROUP) if "Взять" in one.buttons), None), "the card")
    await bot.answered(bot.press(OLGA, card, "Взять"))

    said = bot.say(OLGA, "Здравствуйте", chat=GROUP, thread=card.thread_id)
    await _shows(bot, said, SENT)
    await _reads_all(anna)

    await _shows(bot, said, READ)


async def test_a_chat_that_takes_no_reactions_is_left_without(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.no_reactions.add(OLGA)

    bot.say(OLGA, "Первое")
    await bot.until(lambda: _reaction_calls(bot) == 1, "the attempt")
    bot.say(OLGA, "Второе")
    await handled(bot)
    await anna.writes("Спасибо")
    await bot.read(OLGA, "Спасибо")
    await _reads_all(anna)
    await house.settle()
    await anna.writes("До свидания")
    await bot.read(OLGA, "До свидания")

    assert await anna.texts("operator") == ["Первое", "Второе"]
    assert _reaction_calls(bot) == 1


async def test_a_message_that_is_gone_gets_none_and_the_next_one_does(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("setMessageReaction", code=400, description="Bad Request: message to react not found")

    bot.say(OLGA, "Удалено у себя")
    await bot.until(lambda: _reaction_calls(bot) == 1, "the attempt")
    kept = bot.say(OLGA, "Осталось")

    await _shows(bot, kept, SENT)
    assert _reaction_calls(bot) == 2


async def test_a_lost_answer_and_a_wait_bring_one_reaction(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("setMessageReaction", kind="cut_after")
    bot.fail("setMessageReaction", retry_after=1)

    said = bot.say(OLGA, "Добрый день")
    await bot.until(lambda: _reaction_calls(bot) >= 3, "the third attempt")
    await anna.writes("Здравствуйте")
    await bot.read(OLGA, "Здравствуйте")

    assert _on(bot, said) == SENT
    assert _reaction_calls(bot) == 3


async def test_what_was_read_before_its_reaction_went_out_gets_only_the_last(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", chat_id=OLGA, retry_after=1)
    await anna.writes("Вы тут?")
    await bot.until(lambda: bot.closed_until.get(OLGA), "the wait")

    said = bot.say(OLGA, "Добрый день")
    await handled(bot)
    await _reads_all(anna)

    await _shows(bot, said, READ)
    assert _reaction_calls(bot) == 1


async def test_a_reaction_holds_up_no_message(sqlite_tables_url: str, bot: Telegram):
    slow = Limits(overall=QUICK.overall, chat_gap=3.0, group=QUICK.group)
    async with working(sqlite_tables_url, bot, slow):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        said = bot.say(OLGA, "Добрый день")
        await _shows(bot, said, SENT)
        reacted = max(at for at, name, _ in bot.calls if name == "setMessageReaction")

        await anna.writes("Здравствуйте")
        await bot.read(OLGA, "Здравствуйте")

        assert max(at for at, name, _ in bot.calls if name == "sendMessage") - reacted < slow.chat_gap
