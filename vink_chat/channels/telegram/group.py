"""The operators' group: handles that the bot leaves or rejoins it and that it migrates; messages to all colleagues."""

from uuid import UUID

from vink_chat import handover, operators, preferences
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import store as link_store
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Role
from vink_chat.preferences import Telegram


def language() -> str:
    """Return the language of the bot's own texts in the group; operators who press a button are answered in theirs."""
    return preferences.current(Telegram).language.value


async def at_work(tx: Transaction) -> Telegram:
    """Return the Telegram preferences, with no group and no topics while the bot is not in the group."""
    chosen = preferences.current(Telegram)
    if chosen.group_id is None or (await store.lease(tx)).lost_group != chosen.group_id:
        return chosen
    return preferences.change(chosen, group_id=None, topics=False)


async def note_loss(tx: Transaction, chat_id: int) -> bool:
    """Record that the bot is not in its group; false if it was already recorded, or this is another group.

    Its pending rows are dropped: once the bot is back, conversations start there again with a transcript. Until then
    operators are invited in their own chats.
    """
    if preferences.current(Telegram).group_id != chat_id or not await store.mark_group_lost(tx, chat_id):
        return False
    await store.drop_all(tx, chat_id)
    await link_store.mark_links_lost(tx, chat_id)
    sentence = (
        "Бот не попадает в группу операторов: его убрали, или номер группы неверен. Верните его. "
        "Пока этого нет, приглашения приходят в личные чаты. Ждут: {count}"
    )
    await tell_administrators(tx, sentence=sentence, count=len(await handover.queued(tx)))
    return True


async def note_return(tx: Transaction, chat_id: int) -> bool:
    """Record that the bot is in its group again; false if it was not lost."""
    if not await store.mark_group_found(tx, chat_id):
        return False
    await tell_administrators(tx, sentence="Бот снова в группе операторов.")
    return True


async def migrate(tx: Transaction, before: int, after: int) -> None:
    """Move everything that belongs to a group to its new chat id; its old messages can no longer be edited."""
    await store.migrate_chat(tx, before, after)
    await link_store.migrate_links(tx, before, after)
    saved = await preferences.read(tx, Telegram)
    if saved.group_id == before:
        await preferences.save(tx, preferences.change(saved, group_id=after))


async def tell_colleagues(tx: Transaction, operator_id: UUID, *, sentence: str, **values: object) -> None:
    """Write to everyone on shift who has Telegram, except one operator."""
    for colleague in await operators.on_shift(tx):
        if colleague.telegram_id and colleague.id != operator_id:
            await outbox.send_text(tx, colleague.telegram_id, say(sentence, colleague.language, **values))


async def tell_administrators(tx: Transaction, *, sentence: str, **values: object) -> None:
    """Write to every administrator who has Telegram."""
    for person in await operators.operators(tx):
        if person.telegram_id and person.role is Role.ADMIN and person.status is AccountStatus.ACTIVE:
            await outbox.send_text(tx, person.telegram_id, say(sentence, person.language, **values))
