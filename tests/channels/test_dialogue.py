"""A conversation led from Telegram: taking it, writing both ways, notes, corrections, the end."""

import asyncio
import re
from typing import Any

import pytest

from tests.channels.desk import BEGIN, handled, invited, joins, notes, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.kit import db

OLGA, PETR = 11, 12
SPECIAL = "_*[]()~`>#+-=|{}.!\\ <b>жир</b> &amp; «ёлка» 😀👨‍👩‍👧 \u200dконец"


async def test_two_who_press_together_cannot_both_win(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    await joins(bot, PETR, "Пётр")
    anna = await waits()
    calls = {person: await invited(bot, person, anna) for person in (OLGA, PETR)}

    presses = [bot.press(person, call, BEGIN) for person, call in calls.items()]
    words = await asyncio.gather(*[bot.answered(press) for press in presses])

    assert sorted(word.split()[0] for word in words) == ["Вы", "Уже"]
    winner = (await anna.conversation()).operator_name
    loser = calls[PETR if winner == "Ольга" else OLGA]
    await bot.until(lambda: loser.text == f"Уже взял(а) {winner}." and not loser.buttons)


async def test_the_winner_reads_the_card_the_day_and_what_is_unanswered(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = Visitor()
    await anna.writes("Есть ли баннер 440?")
    await house.settle()
    await anna.writes("Позовите оператора")
    await house.settle()

    await takes(bot, OLGA, anna)

    texts = bot.texts(OLGA)[-3:]
    assert texts[0].startswith(f"Посетитель {tag(anna)}")
    assert texts[1].startswith(f"Предыдущая переписка с {tag(anna)}:")
    assert "Есть ли баннер 440?" in texts[1]
    assert "Записал." in texts[1]
    assert re.fullmatch(rf"Ждут ответа, от {tag(anna)} \(\d\d:\d\d\):\n\nПозовите оператора", texts[2])
    labels = {"Шаблоны", "Черновик ассистента", "Вернуть ассистенту", "Передать", "Важность", "Завершить"}
    assert set(bot.seen(OLGA)[-3].buttons) == set(bot.seen(OLGA)[-1].buttons) == labels


CONTACTS = "Контакты: Анна, +7 900 123-45-67"


async def _leaves_contacts(visitor: Visitor) -> None:
    async with db.transaction() as tx:
        await handover.leave_contacts(tx, visitor.id, "Анна", "+7 900 123-45-67", "")


async def test_contacts_left_before_somebody_came_stand_in_the_card_and_the_transcript(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер 440, позовите оператора")
    await _leaves_contacts(anna)

    await takes(bot, OLGA, anna)

    card, *earlier = bot.texts(OLGA)[-3:]
    assert card.endswith(f"\n{CONTACTS}")
    assert "\nЧего хочет: Нужен баннер 440, позовите оператора\n" in card
    assert CONTACTS in earlier[0]


@pytest.mark.parametrize("topics", [False, True])
async def test_contacts_left_meanwhile_come_into_the_place_and_into_the_card(
    house: Runtime, bot: Telegram, topics: bool
):
    if topics:
        await prefer(preferences.Telegram(), group_id=bot.group(-1001), topics=True)
    olga, anna = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга"), await waits()
    await olga.claims((await anna.conversation()).id)
    chat = -1001 if topics else OLGA
    await bot.read(chat, "Ждут ответа, от")
    card = await bot.read(chat, f"Посетитель {tag(anna)}")

    await _leaves_contacts(anna)

    await bot.read(chat, f"Чат (заметка):\n{CONTACTS}")
    await bot.until(lambda: CONTACTS in card.text and "Завершить" in card.buttons, "the card")


async def test_texts_go_both_ways_as_they_were_written(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    await anna.writes(SPECIAL)
    await bot.until(lambda: bot.texts(OLGA)[-1] == f"{tag(anna)}: {SPECIAL}")
    bot.say(OLGA, SPECIAL)
    await handled(bot)

    assert (await anna.texts("operator"))[-1] == SPECIAL


async def test_a_long_text_comes_in_pieces_that_cut_no_word(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    before = len(bot.texts(OLGA))
    words = [f"😀слово{number}" for number in range(320)]

    await anna.writes(" ".join(words))
    await anna.writes("Конец")
    await bot.read(OLGA, "Конец")

    pieces = bot.texts(OLGA)[before:]
    assert " ".join(pieces).replace(f"{tag(anna)}: ", "").split() == [*words, "Конец"]


async def test_an_unanswered_block_of_many_long_messages_is_split_too(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Позовите оператора")
    long = [f"{number} " + "строка " * 500 for number in range(4)]
    for text in long:
        await anna.writes(text)

    await takes(bot, OLGA, anna)

    # The card repeats the beginning of the question.
    assert sum(text.count("строка") for text in bot.texts(OLGA) if "Чего хочет" not in text) == 2000
    assert not bot.refusals


async def test_a_note_is_for_colleagues_and_a_reply_quotes(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    asked = await anna.writes("Сколько стоит?")
    heard = await bot.read(OLGA, "Сколько стоит?")

    bot.say(OLGA, "// спросить у Петра")
    bot.say(OLGA, "500 рублей", answers=heard.number)
    await handled(bot)

    last = (await anna.reads())[-1]
    assert (last.text, last.quote_id, last.quote) == ("500 рублей", asked.id, "Сколько стоит?")
    assert await notes(anna) == ["спросить у Петра"]


async def test_a_correction_changes_the_visitors_page_and_adds_nothing(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    typo = bot.say(OLGA, "Завтро")
    await handled(bot)

    bot.edit(typo, "Завтра")
    await handled(bot)

    assert await anna.texts("operator") == ["Завтра"]


def _links(text: str, **addresses: str) -> list[dict[str, Any]]:
    """What Telegram adds to a text with addresses behind some of its words."""

    def units(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2

    return [
        {"type": "text_link", "offset": units(text.partition(words)[0]), "length": units(words), "url": address}
        for words, address in addresses.items()
    ]


async def test_an_address_behind_words_reaches_the_visitor(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    text, address = "😀 Смотрите каталог и прайс 👨‍👩‍👧, ещё https://vink.ru", "https://vink.ru/catalog?a=1&b=(2)"
    links = _links(text, каталог=address, прайс="https://vink.ru/price", **{"https://vink.ru": "https://vink.ru"})

    said = bot.say(OLGA, text, entities=[{"type": "bold", "offset": 0, "length": 2}, *links])
    await handled(bot)
    expected = f"😀 Смотрите каталог ({address}) и прайс (https://vink.ru/price) 👨‍👩‍👧, ещё https://vink.ru"
    assert await anna.texts("operator") == [expected]
    bot.update(edited_message=bot.shown(said) | {"text": "сайт ", "entities": _links("сайт ", **{"сайт ": address})})
    await handled(bot)

    assert await anna.texts("operator") == [f"сайт ({address})"]


NOT_CARRIED = [
    ({"photo": [{"file_id": "1"}], "caption": "Вот макет"}, "ссылку текстом"),
    ({"voice": {"file_id": "1"}}, "ссылку текстом"),
    ({"sticker": {"file_id": "1"}}, "Напишите текстом"),
    ({"poll": {"id": "1"}}, "Напишите текстом"),
    ({"story": {"id": 1}}, "Напишите текстом"),
    ({"text": "\u200b"}, "пустое"),
]


async def test_what_cannot_be_carried_is_said(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    before = await anna.texts()

    for what, told in NOT_CARRIED:
        count = len(bot.texts(OLGA))
        bot.say(OLGA, what.get("text"), **{key: value for key, value in what.items() if key != "text"})
        await bot.until(lambda count=count: len(bot.texts(OLGA)) > count, str(what))
        assert told in bot.texts(OLGA)[-1], what

    assert await anna.texts() == before


async def test_an_album_is_refused_once(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    for album in ("7001", "7002"):
        for part in range(3):
            bot.say(OLGA, None, photo=[{"file_id": str(part)}], media_group_id=album)
    await handled(bot)
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы на месте.")

    assert len([text for text in bot.texts(OLGA) if "ссылку текстом" in text]) == 2


async def test_a_place_shared_live_is_refused_once_however_it_moves(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    where = {"latitude": 55.7, "longitude": 37.6, "live_period": 900}

    moves = bot.shown(bot.say(OLGA, None, location=where)) | {"location": where}
    del moves["text"]
    for _ in range(3):
        bot.update(edited_message=moves | {"edit_date": 1})
    await handled(bot)
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы на месте.")

    said = bot.texts(OLGA)[-2:]
    assert "Напишите текстом" in said[0]
    assert not [text for text in bot.texts(OLGA) if "менять у него нечего" in text]


async def test_words_without_a_conversation_are_answered(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")

    bot.say(OLGA, "Здравствуйте!")
    await bot.read(OLGA, "Сейчас вы не ведёте разговор")
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "Смена окончена")


async def test_an_old_invitation_opens_nothing(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    old = f"b:{1}:"
    bot.say(OLGA, "/finish")
    card = await bot.read(OLGA, "окончен")

    press = bot.press_data(OLGA, card, old)

    assert await bot.answered(press) == "Этот разговор уже завершён."
    await anna.writes("Ещё вопрос")
    await house.settle()
    assert "ассистент" in await bot.answered(bot.press_data(OLGA, card, old))
    assert (await anna.conversation()).status is Status.ASSISTED


async def test_what_began_in_telegram_goes_on_in_the_browser_and_ends_in_telegram(house: Runtime, bot: Telegram):
    number = await joins(bot, OLGA, "Ольга")
    olga, anna = Colleague(number, "Ольга"), await waits()
    await takes(bot, OLGA, anna)
    conversation = await anna.conversation()
    bot.say(OLGA, "Пишу из Telegram")
    await handled(bot)

    said = await olga.replies(conversation.id, "Пишу из браузера")
    shown = await bot.read(OLGA, "Ольга:\nПишу из браузера")
    async with db.transaction() as tx:
        await conversations.edit(tx, said.id, olga.id, "Исправлено в браузере")
    await bot.until(lambda: shown.text == "Ольга:\nИсправлено в браузере")
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "окончен")

    assert await anna.texts("operator") == ["Пишу из Telegram", "Исправлено в браузере"]
    assert len([text for text in bot.texts(OLGA) if "Пишу из Telegram" in text]) == 0


async def test_what_was_taken_in_the_browser_stands_in_the_holders_telegram(house: Runtime, bot: Telegram):
    number = await joins(bot, OLGA, "Ольга")
    olga, anna = Colleague(number, "Ольга"), await waits()
    call = await invited(bot, OLGA, anna)

    await olga.claims((await anna.conversation()).id)

    await bot.until(lambda: call.text == "Вы взяли этот разговор.")
    bot.say(OLGA, "Здравствуйте!")
    await handled(bot)
    assert await anna.texts("operator") == ["Здравствуйте!"]


@pytest.mark.parametrize("words", ["И ещё вам", "/finish"])
async def test_where_topics_are_used_a_private_text_is_sent_to_its_topic(house: Runtime, bot: Telegram, words: str):
    await prefer(preferences.Telegram(), group_id=bot.group(-1001), topics=True)
    olga, anna = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга"), await waits()
    await olga.claims((await anna.conversation()).id)

    bot.say(OLGA, words)

    await bot.read(OLGA, "Напишите в теме нужного разговора")
    assert await anna.texts("operator") == []
    assert (await anna.conversation()).status is Status.ATTENDED


@pytest.mark.shows("Handover.minutes_until_alert")
async def test_an_alarm_calls_again(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    await prefer(preferences.Handover(), minutes_until_alert=1)
    anna = await waits()
    await invited(bot, OLGA, anna)
    conversation = await anna.conversation()
    async with db.transaction() as tx:
        fresh = await conversations.get(tx, conversation.id)
        fresh.moved_at = fresh.moved_at.replace(year=2020)
        tx.session.add(fresh)

    async with db.transaction() as tx:
        await handover.alert_again(tx)
    again = await bot.read(OLGA, f"Посетитель {tag(anna)} всё ещё ждёт.")

    assert "Вы на связи" in await bot.answered(bot.press(OLGA, again, BEGIN))


async def test_nobody_gets_what_is_not_his(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    await hire("Без телеграма")
    bot.person(66, "Чужой")
    bot.say(66, "Пустите")
    await bot.read(66, "Чтобы стать оператором")
    anna = await waits()
    call = await invited(bot, OLGA, anna)

    press = bot.press_data(66, call, call.buttons[BEGIN])
    await bot.answered(press)
    bot.group(-500)
    bot.say(66, "/who", chat=-500)
    bot.say(OLGA, "/who", chat=-500)
    await handled(bot)

    assert (await anna.conversation()).status is Status.WAITING
    assert bot.texts(-500) == []
    assert len(bot.texts(66)) == 1
