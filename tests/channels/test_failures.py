"""What Telegram refuses, forgets or never answers."""

import asyncio
import json

import httpx
import pytest
from sqlalchemy import text

from tests.channels import desk
from tests.channels.desk import INVITES, handled, joins, notes, said, tag, takes, waits
from tests.emulators import telegram
from tests.emulators.telegram import Pace, Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor
from vink_chat import channels, conversations, operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Limits
from vink_chat.channels.telegram import errors, setup
from vink_chat.channels.telegram import runtime as telegram_desk
from vink_chat.channels.telegram.inbound.receiver import webhook_secret
from vink_chat.conversations import Status
from vink_chat.kit import db
from vink_chat.operators import Presence

OLGA, PETR, GROUP = 11, 12, -1001


async def test_a_message_refused_for_a_while_arrives_once_and_in_order(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 2, code=500)
    bot.fail("sendMessage", 1, kind="cut")

    sent = [f"сообщение {number}" for number in range(5)]
    for words in sent:
        await anna.writes(words)
    await bot.read(OLGA, sent[-1], seconds=20)

    assert said(bot, OLGA, anna).endswith("\n\n".join(sent))


async def test_retry_after_is_obeyed_to_the_second(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, retry_after=2)

    await anna.writes("первое")
    await anna.writes("второе")
    await bot.read(OLGA, "второе", seconds=15)

    assert bot.early == 0
    assert said(bot, OLGA, anna).endswith("первое\n\nвторое")
    refused, kept = [at for at, name, given in bot.calls if name == "sendMessage" and "первое" in given["text"]]
    assert kept - refused >= 2


async def test_a_lost_answer_is_the_one_case_of_a_double(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, kind="cut_after")

    await anna.writes("важное")
    await bot.read(OLGA, "важное")
    await anna.writes("следом")
    await bot.read(OLGA, "следом", seconds=15)

    assert said(bot, OLGA, anna).endswith("важное\n\nважное\n\nследом")


async def test_who_blocked_the_bot_leaves_the_shift_and_the_others_take_over(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    await joins(bot, PETR, "Пётр")
    bot.block(OLGA)

    await anna.writes("Вы здесь?")

    await bot.read(PETR, "Ольга больше не получает сообщения")
    await takes(bot, PETR, anna)
    async with db.reading() as tx:
        assert (await operators.operator(tx, olga)).presence is Presence.OFF
    assert any("не доставлено" in note for note in await notes(anna))
    assert any("Вы здесь?" in words for words in bot.texts(PETR))


async def test_a_refused_message_is_noted_in_the_thread_and_holds_up_nothing(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, code=400, description="Bad Request: strange new rule")

    await anna.writes("раз")
    await anna.writes("два")

    await bot.read(OLGA, "два")
    assert [note for note in await notes(anna) if "trange new rule" in note]


async def test_a_broken_update_stops_nothing_behind_it(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.update(message={"raw": 1})
    bot.update(message={"message_id": "x", "chat": None, "from": {"id": []}})
    bot.update(callback_query={"id": 5})
    bot.allowed = None
    bot.update(channel_post={"message_id": 1, "chat": {"id": -7, "type": "channel"}, "text": "канал"})
    bot.update(poll={"id": "1"})
    bot.say(OLGA, "дошло")

    await handled(bot)
    assert "дошло" in await anna.texts()


async def test_updates_that_come_twice_are_done_once(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "один раз")
    again = dict(bot.updates[-1])
    await handled(bot)

    bot.updates.append(again)
    bot.stirred.set()
    await handled(bot)

    assert (await anna.texts("operator")).count("один раз") == 1


async def test_a_restart_loses_nothing_and_repeats_nothing(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        bot.fail("sendMessage", 1000, code=502)
        for number in range(3):
            await anna.writes(f"до перезапуска {number}")
    bot.faults.clear()
    bot.say(OLGA, "пока вас не было")

    async with desk.working(sqlite_tables_url, bot):
        await bot.read(OLGA, "до перезапуска 2")
        await handled(bot)

        assert said(bot, OLGA, anna).endswith("\n\n".join(f"до перезапуска {number}" for number in range(3)))
        assert await anna.texts("operator") == ["пока вас не было"]


async def test_what_a_crash_left_untold_is_told_at_the_next_start(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot) as house:
        await joins(bot, OLGA, "Ольга")
        # The process dies between the commit and its reactions.
        house.database.listener = None
        anna = await waits()

    async with desk.working(sqlite_tables_url, bot):
        await takes(bot, OLGA, anna)


async def test_the_real_limits_are_kept(sqlite_tables_url: str):
    async with telegram.running(Telegram(pace=Pace())) as bot, desk.working(sqlite_tables_url, bot, Limits()):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        for number in range(3):
            await anna.writes(f"сообщение {number}")
        await bot.read(OLGA, "сообщение 2", seconds=20)

        assert [code for _, code, _ in bot.refusals if code == 429] == []


async def test_the_post_goes_to_another_process_when_its_holder_leaves(postgres_tables_url: str, bot: Telegram):
    async with desk.working(postgres_tables_url, bot) as first:
        await bot.until(lambda: bot.poller, "the first polls")
        second = Runtime(first.settings, first.provider, desk.QUICK)
        await second.start()
        db.use(first.database)
        await joins(bot, OLGA, "Ольга")
        assert first.telegram
        await first.telegram.stop()

        bot.say(OLGA, "/status")
        await bot.read(OLGA, "Вы на месте.", seconds=20)
        assert [code for _, code, _ in bot.refusals if code == 409] == []
        await second.stop()
        db.use(first.database)


async def test_a_webhook_takes_only_what_telegram_sends(sqlite_tables_url: str, bot: Telegram):
    address = {"public_url": "https://chat.example.ru"}
    async with desk.working(sqlite_tables_url, bot, **address) as house:
        await prefer(preferences.Telegram(), webhook=True)
        await bot.until(lambda: bot.webhook.get("url"), "the webhook", seconds=15)
        assert bot.webhook == {
            "url": "https://chat.example.ru/api/telegram",
            "secret_token": webhook_secret(house.settings.secret, telegram.BOT["id"]),
        }
        bot.person(PETR, "Пётр")
        bot.say(PETR, "/start")
        update = json.dumps(bot.updates.popleft()).encode()

        refused = [await channels.deliver(secret, update) for secret in ("", "guess", "ы")]
        taken = [await channels.deliver(bot.webhook["secret_token"], body) for body in (update, update, b"{", b"[]")]

        assert refused == [False] * 3
        assert taken == [True] * 4
        await bot.read(PETR, "Заявка отправлена")
        assert len(bot.texts(PETR)) == 1


async def _push_fault_is(words: str) -> None:
    async with asyncio.timeout(10):
        while True:
            async with db.reading() as tx:
                if (await channels.push_fault(tx)) == words:
                    return
            await asyncio.sleep(0.01)


async def test_while_telegram_refuses_to_push_the_bot_asks_by_itself(
    sqlite_tables_url: str, bot: Telegram, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(telegram_desk, "PUSH_AGAIN", 1.0)
    bot.fail("setWebhook", 2, code=400, description="Bad Request: bad webhook: unknown certificate")
    async with desk.working(sqlite_tables_url, bot, public_url="https://chat.example.ru"):
        await prefer(preferences.Telegram(), webhook=True)
        await bot.until(lambda: [one for one in bot.refusals if one[0] == "setWebhook"], "the refusal", seconds=15)
        bot.say(bot.person(PETR, "Пётр"), "/start")
        await bot.read(PETR, "Заявка отправлена")
        await _push_fault_is("Bad webhook: unknown certificate")

        await bot.until(lambda: bot.webhook.get("url"), "the webhook", seconds=15)
        bot.say(PETR, "/start")
        update = json.dumps(bot.updates.popleft()).encode()

        assert await channels.deliver(bot.webhook["secret_token"], update)
        await _push_fault_is("")
        names = [name for _, name, _ in bot.calls]
        assert "getUpdates" not in names[len(names) - names[::-1].index("setWebhook") :]


async def _forum(bot: Telegram) -> int:
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    return GROUP


def _thread(bot: Telegram, name: str) -> int:
    return next((thread for (_, thread), topic in bot.topics.items() if topic["name"].endswith(name)), 0)


async def test_each_conversation_has_a_topic_with_its_status_in_the_name(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.read(GROUP, "Нужен баннер", thread=thread)

    bot.say(OLGA, "Рано писать", chat=GROUP, thread=thread)
    await bot.read(GROUP, "Этот разговор сейчас ведёте не вы.", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    await bot.until(lambda: "Завершить" in card.buttons)
    await anna.writes("Какой срок?")
    await bot.read(GROUP, "Какой срок?", thread=thread)
    bot.say(OLGA, "Два дня", chat=GROUP, thread=thread)
    await handled(bot)
    bot.say(OLGA, "/finish", chat=GROUP, thread=thread)
    await bot.read(GROUP, "окончен", thread=thread)

    assert await anna.texts("operator") == ["Два дня"]
    names = bot.topics[GROUP, thread]["names"]
    await bot.until(lambda: len(names) == 3)
    assert [name.split(" · ")[0] for name in names] == ["ждёт", "ведёт Ольга", "завершён"]
    assert bot.texts(OLGA) == []


async def test_a_deleted_topic_is_made_anew_and_loses_nothing(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    await bot.read(GROUP, "Нужен баннер", thread=thread)

    bot.delete_topic(GROUP, thread)
    await anna.writes("Вы ещё здесь?")

    fresh = await bot.until(lambda: _thread(bot, tag(anna)), "the new topic")
    assert fresh != thread
    await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=fresh)
    await bot.read(GROUP, "Вы ещё здесь?", thread=fresh)


@pytest.mark.parametrize(
    ("method", "right"),
    [
        ("createForumTopic", "not enough rights to create a topic"),
        ("createForumTopic", "the chat is not a forum"),
        ("sendMessage", "not enough rights to send text messages to the chat"),
        ("editForumTopic", "not enough rights to edit the topic"),
    ],
)
async def test_a_right_the_bot_lacks_loses_nothing_and_the_administrator_hears_of_it(
    house: Runtime, bot: Telegram, method: str, right: str
):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    petr = await joins(bot, PETR, "Пётр")
    async with db.transaction() as tx:
        await operators.set_role(tx, petr, operators.Role.ADMIN)
    bot.fail(method, 3, chat_id=GROUP, code=400, description=f"Bad Request: {right}")

    visitors = [await waits(f"Нужен баннер {number}") for number in range(2)]
    for number, visitor in enumerate(visitors):
        thread = await bot.until(lambda visitor=visitor: _thread(bot, tag(visitor)), "the topic")
        await bot.read(GROUP, f"Нужен баннер {number}", thread=thread)
        await olga.claims((await visitor.conversation()).id)
        await visitor.writes(f"Вы здесь? {number}")
    for number, visitor in enumerate(visitors):
        await bot.read(GROUP, f"Вы здесь? {number}", thread=_thread(bot, tag(visitor)))

    await bot.read(PETR, "Бот не справляется с группой")
    assert len([text for text in bot.texts(PETR) if right[1:] in text]) == 1
    assert bot.texts(OLGA) == []


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_is_followed(house: Runtime, bot: Telegram, told: bool):
    await prefer(preferences.Telegram(), group_id=bot.group(-500, forum=False), topics=True)
    olga, anna = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга"), Visitor()
    bot.migrate(-500, GROUP, tell=told)
    await handled(bot)

    await anna.writes("Нужен баннер")
    await anna.presses_the_button()
    await bot.read(GROUP, "Нужен баннер")
    await olga.claims((await anna.conversation()).id)
    await anna.writes("Вы здесь?")

    await bot.read(GROUP, "Вы здесь?", thread=_thread(bot, tag(anna)))
    assert preferences.current(preferences.Telegram).group_id == GROUP


async def test_an_invitation_moves_with_its_group(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(-500, forum=False))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await bot.read(-500, INVITES)
    bot.migrate(-500, GROUP)
    await handled(bot)

    await prefer(preferences.current(preferences.Telegram), topics=True)
    await anna.writes("Вы здесь?")

    await bot.read(
        GROUP, f"Посетитель {tag(anna)}", thread=await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    )
    await bot.read(GROUP, "Вы здесь?")


async def test_in_a_group_only_operators_are_heard(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    thread = await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    bot.person(66, "Чужой")

    await bot.answered(bot.press(66, card, "Взять"))
    for words in ("Я отвечу", "Ну я же"):
        bot.say(66, words, chat=GROUP, thread=thread)
    bot.say(OLGA, "Коллеги, обед", chat=GROUP)
    await handled(bot)

    assert (await anna.conversation()).status is Status.WAITING
    await bot.read(GROUP, "Вас нет среди операторов")
    assert len([words for words in bot.texts(GROUP) if "Вас нет" in words]) == 1
    assert not [words for words in await anna.texts() if "отвечу" in words]


async def test_a_group_without_topics_is_called_and_the_winner_works_in_his_own_chat(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP, forum=False))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    call = await bot.read(GROUP, INVITES)

    await bot.answered(bot.press(OLGA, call, desk.BEGIN))

    await bot.read(OLGA, f"Посетитель {tag(anna)}")
    await bot.until(lambda: call.text == "Уже взял(а) Ольга.")


async def test_an_erased_conversation_leaves_no_words_in_the_outbox(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    await anna.writes("Мой телефон 555-12-34")
    await bot.read(OLGA, "555-12-34")
    conversation = await anna.conversation()

    async with db.transaction() as tx:
        await tx.session.delete(await conversations.get(tx, conversation.id))
    async with db.reading() as tx:
        left = (
            await tx.session.execute(text("SELECT count(*) FROM telegram_outgoing WHERE text LIKE '%555%'"))
        ).scalar()

    assert left == 0


async def test_the_emulator_is_as_strict_as_telegram(bot: Telegram):
    bot.person(OLGA, "Ольга")
    bot.person(PETR, "Пётр")
    mine = bot.say(OLGA, "привет")
    bot.updates.clear()
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y" * 65}]]}
    async with httpx.AsyncClient(base_url=bot.base_url + telegram.TOKEN, trust_env=False) as client:

        async def refused(method: str, **given: object) -> str:
            answer = (await client.post(f"/{method}", json=given)).json()
            return "" if answer["ok"] else f"{answer['error_code']} {answer['description']}"

        assert await refused("sendMessage", chat_id=OLGA, text=" ") == "400 Bad Request: message text is empty"
        assert await refused("sendMessage", chat_id=OLGA, text="😀" * 2049) == "400 Bad Request: message is too long"
        assert await refused("sendMessage", chat_id=99, text="x") == "400 Bad Request: chat not found"
        assert "can't initiate" in await refused("sendMessage", chat_id=PETR, text="x")
        assert "BUTTON_DATA_INVALID" in await refused("sendMessage", chat_id=OLGA, text="x", reply_markup=markup)
        assert "can't parse entities" in await refused("sendMessage", chat_id=OLGA, text="<b>", parse_mode="HTML")
        assert "thread not found" in await refused("sendMessage", chat_id=OLGA, text="x", message_thread_id=5)
        form = await client.post("/sendMessage", data={"chat_id": OLGA, "text": "123"})
        parts = await client.post("/SENDMESSAGE", files={"chat_id": (None, str(OLGA)), "text": (None, "два")})
        assert [form.json()["result"]["text"], parts.json()["result"]["text"]] == ["123", "два"]
        number = form.json()["result"]["message_id"]
        assert "not modified" in await refused("editMessageText", chat_id=OLGA, message_id=number, text="123")
        assert "can't be edited" in await refused("editMessageText", chat_id=OLGA, message_id=mine.number, text="1")
        press = bot.press_data(OLGA, mine, "x")
        assert await refused("answerCallbackQuery", callback_query_id=press) == ""
        assert "query is too old" in await refused("answerCallbackQuery", callback_query_id=press)
        assert await refused("nothing") == "404 Not Found"
        assert (await client.get(f"{bot.base_url}1:wrong/getMe")).status_code == 401
        bot.block(OLGA)
        assert "403 Forbidden" in await refused("sendMessage", chat_id=OLGA, text="x")

        bot.updates.clear()
        first = asyncio.create_task(refused("getUpdates", timeout=20))
        await bot.until(lambda: bot.poller)
        second = asyncio.create_task(refused("getUpdates", timeout=20))
        assert "409 Conflict: terminated" in await first
        bot.say(PETR, "ура")
        assert await second == ""


@pytest.mark.parametrize("pace", [Pace(group=3, group_window=2.0, chat_gap=0.2)])
async def test_the_emulator_counts_messages_and_says_how_long_to_wait(pace: Pace):
    bot = Telegram(pace=pace)
    async with (
        telegram.running(bot),
        httpx.AsyncClient(base_url=bot.base_url + telegram.TOKEN, trust_env=False) as client,
    ):
        bot.group(GROUP)
        answers = [await client.post("/sendMessage", json={"chat_id": GROUP, "text": "x"}) for _ in range(3)]
        codes, refused = [answer.status_code for answer in answers[:2]], answers[2].json()

    assert codes == [200, 429]
    assert refused["parameters"]["retry_after"] >= 1
    assert bot.early == 1


async def test_setting_up_waits_as_long_as_telegram_says(monkeypatch: pytest.MonkeyPatch):
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(setup.asyncio, "sleep", sleep)
    troubles = [errors.RateLimited(37), errors.ChannelUnavailable(), errors.RateLimited(5)]

    async def call() -> None:
        if troubles:
            raise troubles.pop(0)

    await setup._until_answered(call)

    assert pauses == [37, 1, 5]
