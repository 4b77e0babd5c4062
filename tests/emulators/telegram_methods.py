"""The Bot API's methods, as far as they are used, with Telegram's own words for what it refuses."""

import asyncio
import contextlib
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.emulators import telegram_checks as checks
from tests.emulators.telegram_checks import Given
from tests.emulators.telegram_state import BOT, Message, Refusal, Telegram

_LONGEST_CAPTION = 1024
_REACTIONS = {"👍", "👎", "❤", "🔥", "👏", "🤔", "👀", "🎉", "✍", "👌", "🙏", "🤝", "💯", "⚡", "🤷"}
_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_SAME = (
    "specified new message content and reply markup are exactly the same as a current content and reply markup "
    "of the message"
)


async def _get_me(tg: Telegram, given: Given) -> Any:
    return BOT | {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}


async def _get_updates(tg: Telegram, given: Given) -> Any:
    if tg.webhook.get("url"):
        raise Refusal(409, _WEBHOOK)
    me = tg.poller = object()
    tg.stirred.set()
    if "allowed_updates" in given:
        tg.allowed = given["allowed_updates"] or None
    offset = int(given.get("offset") or 0)
    while offset > 0 and tg.updates and tg.updates[0]["update_id"] < offset:
        tg.updates.popleft()
    deadline = time.monotonic() + min(int(given.get("timeout") or 0), tg.longest_poll)
    while not tg.updates and (left := deadline - time.monotonic()) > 0 and tg.poller is me:
        tg.stirred.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(tg.stirred.wait(), left)
    if tg.poller is not me and not tg.closing:
        raise Refusal(409, _TERMINATED)
    tg.poller = None
    return list(tg.updates)[: int(given.get("limit") or 100)]


async def _set_webhook(tg: Telegram, given: Given) -> Any:
    url = str(given.get("url", ""))
    if url and not url.startswith("https://"):
        raise checks.bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(given.get("secret_token", ""))):
        raise checks.bad("secret token contains unallowed characters")
    tg.webhook = {"url": url, "secret_token": given.get("secret_token", "")}
    tg.allowed = given.get("allowed_updates") or tg.allowed
    return True


async def _delete_webhook(tg: Telegram, given: Given) -> Any:
    tg.webhook = {}
    return True


async def _get_webhook_info(tg: Telegram, given: Given) -> Any:
    return {"url": tg.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(tg.updates)}


async def _send_message(tg: Telegram, given: Given) -> Any:
    chat_id, thread = checks.slot(tg, given)
    text, markup = checks.text(given), checks.markup(given)
    wanted = given.get("reply_parameters") or {}
    answers = wanted.get("message_id")
    if answers and not any(one.chat_id == chat_id and one.number == answers for one in tg.messages):
        if not wanted.get("allow_sending_without_reply"):
            raise checks.bad("message to be replied not found")
        answers = None
    checks.spend(tg, chat_id)
    message = Message(chat_id, tg.next_number(chat_id), text, BOT["id"], thread, markup, answers)
    message.silent = str(given.get("disable_notification", "")).lower() == "true"
    tg.messages.append(message)
    return tg.shown(message)


async def _send_document(tg: Telegram, given: Given) -> Any:
    chat_id, thread = checks.slot(tg, given)
    document = str(given.get("document") or "")
    document = str(given.get(document.removeprefix("attach://"), document))
    if not document:
        raise checks.bad("there is no document in the request")
    caption = str(given.get("caption") or "")
    if checks.units(caption) > _LONGEST_CAPTION:
        raise checks.bad("message caption is too long")
    markup = checks.markup(given)
    checks.spend(tg, chat_id)
    message = Message(chat_id, tg.next_number(chat_id), caption, BOT["id"], thread, markup)
    message.document = document
    tg.messages.append(message)
    return tg.shown(message)


async def _delete_message(tg: Telegram, given: Given) -> Any:
    chat_id, number = int(given["chat_id"]), int(given.get("message_id") or 0)
    checks.slot(tg, {"chat_id": chat_id})
    found = next((one for one in tg.messages if (one.chat_id, one.number) == (chat_id, number)), None)
    if found is None:
        raise checks.bad("message to delete not found")
    if found.sender != BOT["id"] and tg.members.get(chat_id) != "administrator":
        raise checks.bad("message can't be deleted")
    checks.spend(tg, chat_id, edit=True)
    tg.messages.remove(found)
    tg.deleted.append(found)
    return True


async def _edit_markup(tg: Telegram, given: Given) -> Any:
    checks.slot(tg, {"chat_id": given.get("chat_id")})
    message, markup = _own(tg, given), checks.markup(given)
    if message.markup and "keyboard" in message.markup:
        raise checks.bad("message can't be edited")
    if markup == message.markup:
        raise checks.bad(f"message is not modified: {_SAME}")
    checks.spend(tg, message.chat_id, edit=True)
    message.markup = markup
    return tg.shown(message)


async def _set_reaction(tg: Telegram, given: Given) -> Any:
    chat_id, number = int(given["chat_id"]), int(given.get("message_id") or 0)
    checks.slot(tg, {"chat_id": chat_id})
    if not any((one.chat_id, one.number) == (chat_id, number) for one in tg.messages):
        raise checks.bad("message to react not found")
    wanted = [one["emoji"] for one in given.get("reaction") or []]
    if len(wanted) > 1 or not _REACTIONS.issuperset(wanted) or chat_id in tg.no_reactions:
        raise checks.bad("REACTION_INVALID")
    tg.reactions[chat_id, number] = wanted
    return True


async def _get_member(tg: Telegram, given: Given) -> Any:
    chat_id = int(given["chat_id"])
    checks.check_group(tg, chat_id)
    status = tg.members[chat_id]
    rights = {"can_manage_topics": True} if status == "administrator" else {}
    return {"user": BOT, "status": status} | rights


def _own(tg: Telegram, given: Given) -> Message:
    chat_id, number = int(given["chat_id"]), int(given.get("message_id") or 0)
    found = next((one for one in tg.messages if (one.chat_id, one.number) == (chat_id, number)), None)
    if found is None:
        raise checks.bad("message to edit not found")
    if found.sender != BOT["id"]:
        raise checks.bad("message can't be edited")
    return found


async def _edit_text(tg: Telegram, given: Given) -> Any:
    checks.slot(tg, {"chat_id": given.get("chat_id")})
    message, text, markup = _own(tg, given), checks.text(given), checks.markup(given)
    if message.markup and "keyboard" in message.markup:
        raise checks.bad("message can't be edited")
    if (text, markup) == (message.text, message.markup):
        raise checks.bad(f"message is not modified: {_SAME}")
    checks.spend(tg, message.chat_id, edit=True)
    message.edits.append(message.text)
    message.text, message.markup = text, markup
    return tg.shown(message)


async def _answer(tg: Telegram, given: Given) -> Any:
    press = tg.presses.get(str(given.get("callback_query_id")))
    if press is None or press["answered"]:
        raise checks.bad("query is too old and response timeout expired or query ID is invalid")
    if len(str(given.get("text") or "")) > 200:
        raise checks.bad("MESSAGE_TOO_LONG")
    press["answered"] = True
    tg.answers.append(given)
    return True


async def _set_commands(tg: Telegram, given: Given) -> Any:
    for one in given.get("commands") or []:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise checks.bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise checks.bad("BOT_COMMAND_DESCRIPTION_INVALID")
    tg.commands[str(given.get("language_code") or "")] = given["commands"]
    return True


def _topic(tg: Telegram, given: Given) -> dict[str, Any]:
    chat_id, thread = int(given["chat_id"]), int(given.get("message_thread_id") or 0)
    checks.check_group(tg, chat_id)
    topic = tg.topics.get((chat_id, thread))
    if topic is None:
        raise checks.bad("message thread not found")
    return topic


def _name(given: Given) -> str:
    name = str(given.get("name", ""))
    if not 1 <= len(name) <= 128:
        raise checks.bad("TOPIC_NAME_INVALID" if name else "topic name is empty")
    return name


async def _create_topic(tg: Telegram, given: Given) -> Any:
    chat_id, _ = checks.slot(tg, {"chat_id": given.get("chat_id")})
    if not tg.groups.get(chat_id, {}).get("is_forum"):
        raise checks.bad("the chat is not a forum")
    checks.check_topic_right(tg, chat_id, "create")
    name = _name(given)
    checks.spend(tg, chat_id)
    thread = tg.next_number(chat_id)
    tg.topics[chat_id, thread] = {"name": name, "closed": False, "names": [name]}
    return {"message_thread_id": thread, "name": name, "icon_color": 7322096}


async def _edit_topic(tg: Telegram, given: Given) -> Any:
    topic, name = _topic(tg, given), _name(given)
    checks.check_topic_right(tg, int(given["chat_id"]), "edit")
    if topic["name"] == name:
        raise checks.bad("TOPIC_NOT_MODIFIED")
    checks.spend(tg, int(given["chat_id"]))
    topic["name"] = name
    topic["names"].append(name)
    return True


async def _reopen_topic(tg: Telegram, given: Given) -> Any:
    topic = _topic(tg, given)
    checks.check_topic_right(tg, int(given["chat_id"]), "reopen")
    if not topic["closed"]:
        raise checks.bad("TOPIC_NOT_MODIFIED")
    checks.spend(tg, int(given["chat_id"]))
    topic["closed"] = False
    return True


METHODS: dict[str, Callable[[Telegram, Given], Awaitable[Any]]] = {
    "getMe": _get_me,
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "sendMessage": _send_message,
    "sendDocument": _send_document,
    "deleteMessage": _delete_message,
    "editMessageText": _edit_text,
    "editMessageReplyMarkup": _edit_markup,
    "setMessageReaction": _set_reaction,
    "getChatMember": _get_member,
    "answerCallbackQuery": _answer,
    "setMyCommands": _set_commands,
    "createForumTopic": _create_topic,
    "editForumTopic": _edit_topic,
    "reopenForumTopic": _reopen_topic,
}
BY_LOWER = {name.lower(): (name, method) for name, method in METHODS.items()}
