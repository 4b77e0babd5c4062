"""What operators write into a thread."""

import asyncio
from uuid import UUID, uuid4

import pytest

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import Author, Conversation
from vink_chat.events import ConversationSeen, MessageChanged
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.kit.errors import NotFound

OLGA, PETR = uuid4(), uuid4()


async def _attended(database: Database) -> Conversation:
    async with database.transaction() as tx:
        asked = await conversations.receive(tx, conversations.new_secret(), "Где мой заказ?")
        return await handover.claim(tx, asked.conversation_id, OLGA, "Ольга")


async def _say(database: Database, conversation: Conversation, who: UUID, text: object, **options):
    async with database.transaction() as tx:
        return await conversations.reply(tx, conversation.id, who, "Ольга", text, **options)


async def test_the_holder_replies_and_the_visitor_reads_it(any_database: Database):
    conversation = await _attended(any_database)

    await _say(any_database, conversation, OLGA, "  Уже в пути <b>\x00 ")

    async with any_database.reading() as tx:
        last = (await conversations.thread(tx, conversation.visitor_id))[-1]
        fresh = await conversations.get(tx, conversation.id)
    assert (last.author, last.text, last.author_name) == (Author.OPERATOR, "Уже в пути <b>", "Ольга")
    assert fresh.last_text == "Уже в пути <b>"


async def test_a_reply_sent_twice_is_kept_once(any_database: Database):
    conversation = await _attended(any_database)

    one = await _say(any_database, conversation, OLGA, "Здравствуйте!", client_id="abc")
    two = await _say(any_database, conversation, OLGA, "Здравствуйте!", client_id="abc")

    assert one.id == two.id


async def test_what_lists_and_quotations_show_of_an_answer_has_no_signs(database: Database):
    conversation = await _attended(database)
    answer = "**Да**, [в пути](https://a.example/1):\n\n- " + "плёнка " * 40

    async with database.transaction() as tx:
        fresh = await conversations.get(tx, conversation.id)
        said = await conversations.post(tx, fresh, Author.ASSISTANT, answer)
    own = await _say(database, conversation, OLGA, "Как **и** сказано", quote=said.id)

    assert own.quote.startswith("Да, в пути: плёнка плёнка")
    assert own.quote.endswith("плёнка…")
    async with database.reading() as tx:
        # An operator's Markdown is rendered, so its signs are not part of the text.
        assert (await conversations.get(tx, conversation.id)).last_text == "Как и сказано"


async def test_only_the_holder_replies_and_anybody_leaves_a_note(database: Database):
    conversation = await _attended(database)

    with pytest.raises(conversations.NotYours):
        await _say(database, conversation, PETR, "И я здесь")
    await _say(database, conversation, PETR, "Это постоянный посетитель", note=True)

    async with database.reading() as tx:
        seen_by_visitor = await conversations.thread(tx, conversation.visitor_id)
        seen_by_team = await conversations.conversation_messages(tx, conversation.id)
        fresh = await conversations.get(tx, conversation.id)
    assert "Это постоянный посетитель" not in [message.text for message in seen_by_visitor]
    assert seen_by_team[-1].note
    assert fresh.last_text != "Это постоянный посетитель"


async def test_a_finished_conversation_takes_no_replies(database: Database):
    conversation = await _attended(database)
    async with database.transaction() as tx:
        await handover.finish(tx, conversation.id, OLGA)

    with pytest.raises(conversations.NotYours):
        await _say(database, conversation, OLGA, "Ещё кое-что")


async def test_a_reply_quotes_a_message_of_its_own_thread_only(database: Database):
    conversation, other = await _attended(database), await _attended(database)
    async with database.reading() as tx:
        asked = (await conversations.conversation_messages(tx, conversation.id))[0]
    note = await _say(database, conversation, PETR, "Между нами", note=True)

    own = await _say(database, conversation, OLGA, "Отвечаю", quote=asked.id)
    foreign = await _say(database, other, OLGA, "Отвечаю", quote=asked.id)
    secret = await _say(database, conversation, OLGA, "Отвечаю", quote=note.id)

    assert (own.quote_id, own.quote) == (asked.id, "Где мой заказ?")
    assert (foreign.quote_id, foreign.quote) == (None, "")
    assert (secret.quote_id, secret.quote) == (None, "")


async def test_an_operator_corrects_own_words_only(database: Database):
    conversation = await _attended(database)
    message = await _say(database, conversation, OLGA, "Завтро")

    async with database.transaction() as tx:
        await conversations.edit(tx, message.id, OLGA, "Завтра")
        again = await conversations.edit(tx, message.id, OLGA, "Завтра")
        changes = [event for event in tx.events if isinstance(event, MessageChanged)]
    assert again.edited_at
    assert len(changes) == 1

    async with database.reading() as tx:
        fresh = await conversations.get(tx, conversation.id)
        asked = (await conversations.conversation_messages(tx, conversation.id))[0]
    assert fresh.last_text == "Завтра"
    for stranger, text_id in ((PETR, message.id), (OLGA, asked.id)):
        with pytest.raises(conversations.NotYours):
            async with database.transaction() as tx:
                await conversations.edit(tx, text_id, stranger, "Чужое")


async def test_what_was_said_to_a_visitor_is_corrected_while_the_conversation_goes_on(any_database: Database):
    conversation = await _attended(any_database)
    answer = await _say(any_database, conversation, OLGA, "Завтро")
    note = await _say(any_database, conversation, OLGA, "Сердитса", note=True)
    async with any_database.transaction() as tx:
        await handover.finish(tx, conversation.id, OLGA)

    with pytest.raises(conversations.ConversationOver):
        async with any_database.transaction() as tx:
            await conversations.edit(tx, answer.id, OLGA, "Завтра")
    async with any_database.transaction() as tx:
        corrected = await conversations.edit(tx, note.id, OLGA, "Сердится", note=True)

    assert corrected.text == "Сердится"


async def test_a_correction_is_made_where_the_message_stands_and_nowhere_else(database: Database):
    conversation, other = await _attended(database), await _attended(database)
    answer = await _say(database, conversation, OLGA, "Завтро")

    with pytest.raises(NotFound):
        async with database.transaction() as tx:
            await conversations.edit(tx, answer.id, OLGA, "Завтра", conversation_id=other.id)
    async with database.transaction() as tx:
        corrected = await conversations.edit(tx, answer.id, OLGA, "Завтра", conversation_id=conversation.id)

    assert corrected.text == "Завтра"


async def test_a_correction_never_hides_what_is_said_at_the_same_moment(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await anna.presses_the_button()
    conversation_id = (await anna.conversation()).id
    await olga.claims(conversation_id)

    async def corrects(message_id: UUID) -> None:
        async with db.transaction() as tx:
            await conversations.edit(tx, message_id, olga.id, "Исправлено")

    for _ in range(20):
        said = await olga.replies(conversation_id, "Есть")
        await asyncio.gather(corrects(said.id), anna.writes("Спасибо"))

        assert (await anna.conversation()).last_text == "Спасибо"


async def test_a_read_mark_moves_forward_and_never_past_the_end(any_database: Database):
    conversation = await _attended(any_database)

    async def read(position: int) -> tuple[int, int]:
        async with any_database.transaction() as tx:
            await conversations.mark_read(tx, conversation.id, position=position, by_operator=OLGA)
            events = [event for event in tx.events if isinstance(event, ConversationSeen)]
        async with any_database.reading() as tx:
            return (await conversations.get(tx, conversation.id)).operator_read, len(events)

    assert await read(1) == (1, 1)
    assert await read(1) == (1, 0)
    assert await read(999) == (2, 1)
    assert await read(1) == (2, 0)


async def test_what_a_model_reads_of_a_conversation_holds_no_note(any_database: Database):
    conversation = await _attended(any_database)
    await _say(any_database, conversation, OLGA, "Проверю на складе", note=True)
    await _say(any_database, conversation, OLGA, "Уже в пути")

    async with any_database.reading() as tx:
        said = await conversations.dialogue(tx, conversation.id)
        last = await conversations.dialogue(tx, conversation.id, 1)

    told = [(one.author, one.text) for one in said if one.author is not Author.SYSTEM]
    assert told == [(Author.VISITOR, "Где мой заказ?"), (Author.OPERATOR, "Уже в пути")]
    assert [one.text for one in last] == ["Уже в пути"]
    assert [one.position for one in said] == sorted(one.position for one in said)
