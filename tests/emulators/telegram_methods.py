"""The Bot API's methods, as far as they are used, with Telegram's own words for what it refuses."""

import asyncio
import contextlib
import math
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.emulators.telegram_state import BOT, Message, Refusal, Telegram

Given = dict[str, Any]
LONGEST = 4096
_LONGEST_CAPTION = 1024
_MOST_BUTTONS = 100
_REACTIONS = {"👍", "👎", "❤", "🔥", "👏", "🤔", "👀", "🎉", "✍", "👌", "🙏", "🤝", "💯", "⚡", "🤷"}
_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_SAME = (
    "specified new message content and reply markup are exactly the same as a current content and reply markup "
    "of the message"
)
_TAGS = re.compile(r"<(/?)(\w+)[^>]*>")


def _bad(words: str) -> Refusal:
    return Refusal(400, f"Bad Request: {words}")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _spend(tg: Telegram, chat_id: int, *, edit: bool = False) -> None:
    """Count a call against the limits; early calls after a 429 are counted too.

    A message comes a gap after the one before; with edits between them a chat may run one call ahead.
    """
    clock = time.monotonic()
    if clock < tg.closed_until.get(chat_id, 0.0):
        tg.early += 1
        raise _too_many(tg.closed_until[chat_id] - clock)
    if tg.pace is None:
        tg.spent[chat_id].append(clock)
        return
    pace, slack = tg.pace, tg.pace.tolerance
    own, everything = tg.spent[chat_id], tg.overall
    wait, even = 0.0, max(tg.even[chat_id], clock)
    soon = not edit and clock - tg.said[chat_id] < pace.chat_gap * (1 - slack)
    if soon or even - clock > pace.chat_gap * (1 + slack):
        wait = pace.chat_gap
    window = pace.group_window * (1 - slack / 4)
    if chat_id < 0 and len(own) >= pace.group and clock - own[-pace.group] < window:
        wait = max(wait, pace.group_window - (clock - own[-pace.group]))
    if len(everything) >= pace.overall and clock - everything[-pace.overall] < pace.overall_window * (1 - slack):
        wait = max(wait, pace.overall_window)
    if wait:
        tg.closed_until[chat_id] = clock + math.ceil(wait)
        raise _too_many(wait)
    own.append(clock)
    everything.append(clock)
    tg.even[chat_id] = even + pace.chat_gap
    if not edit:
        tg.said[chat_id] = clock


def _too_many(seconds: float) -> Refusal:
    wait = max(1, math.ceil(seconds))
    return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def _slot(tg: Telegram, given: Given) -> tuple[int, int | None]:
    try:
        chat_id = int(given["chat_id"])
    except (KeyError, ValueError):
        raise _bad("chat_id is empty" if "chat_id" not in given else "chat not found") from None
    if chat_id in tg.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if chat_id > 0 and chat_id not in tg.started:
        known = chat_id in tg.people
        raise (
            Refusal(403, "Forbidden: bot can't initiate conversation with a user") if known else _bad("chat not found")
        )
    if chat_id < 0:
        _check_group(tg, chat_id)
    thread = int(given["message_thread_id"]) if given.get("message_thread_id") else None
    if thread is not None:
        topic = tg.topics.get((chat_id, thread))
        if topic is None:
            raise _bad("message thread not found")
        # Whoever may manage topics may write into a closed one.
        if topic["closed"] and tg.members[chat_id] != "administrator":
            raise _bad("TOPIC_CLOSED")
    return chat_id, thread


def _check_group(tg: Telegram, chat_id: int) -> None:
    if chat_id not in tg.groups:
        raise _bad("chat not found")
    if moved := tg.groups[chat_id].get("migrated"):
        raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
    if tg.members[chat_id] == "kicked":
        raise Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
    if tg.members[chat_id] == "left":
        raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")


def _check_topic_right(tg: Telegram, chat_id: int, what: str) -> None:
    if tg.members.get(chat_id) != "administrator":
        raise _bad(f"not enough rights to {what} a topic")


def _text(given: Given) -> str:
    text = str(given.get("text", ""))
    if not text.strip():
        raise _bad("message text is empty")
    if _units(text) > LONGEST:
        raise _bad("message is too long")
    mode = str(given.get("parse_mode", "")).lower()
    if mode == "html":
        _check_html(text)
    elif mode == "markdownv2" and (sign := re.search(r"(?<!\\)[.!\-=#+{}|]", text)):
        where = f"Character '{sign[0]}' is reserved and must be escaped"
        raise _bad(f"can't parse entities: {where} with the preceding '\\'")
    for entity in given.get("entities") or []:
        if entity["offset"] < 0 or entity["offset"] + entity["length"] > _units(text):
            raise _bad("can't parse entities: entity is out of the text")
    return text


def _check_html(text: str) -> None:
    stack: list[str] = []
    for closing, tag in _TAGS.findall(text):
        if tag not in {"b", "i", "u", "s", "a", "code", "pre"}:
            raise _bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset 0')
        if not closing:
            stack.append(tag)
        elif not stack or stack.pop() != tag:
            raise _bad("can't parse entities: Unmatched end tag at byte offset 0")
    if stack:
        raise _bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1]}\"")


def _markup(given: Given) -> Given | None:
    markup = given.get("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise _bad("object expected as reply markup")
    if sum(len(row) for row in markup.get("inline_keyboard", [])) > _MOST_BUTTONS:
        raise _bad("reply markup is too long")
    for row in markup.get("inline_keyboard", []):
        for cell in row:
            data = cell.get("callback_data", "")
            if not cell.get("text"):
                raise _bad('can\'t parse inline keyboard button: Field "text" must be of type String')
            if not 1 <= len(data.encode()) <= 64:
                raise _bad("BUTTON_DATA_INVALID")
    return markup


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
        raise _bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(given.get("secret_token", ""))):
        raise _bad("secret token contains unallowed characters")
    tg.webhook = {"url": url, "secret_token": given.get("secret_token", "")}
    tg.allowed = given.get("allowed_updates") or tg.allowed
    return True


async def _delete_webhook(tg: Telegram, given: Given) -> Any:
    tg.webhook = {}
    return True


async def _get_webhook_info(tg: Telegram, given: Given) -> Any:
    return {"url": tg.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(tg.updates)}


async def _send_message(tg: Telegram, given: Given) -> Any:
    chat_id, thread = _slot(tg, given)
    text, markup = _text(given), _markup(given)
    wanted = given.get("reply_parameters") or {}
    answers = wanted.get("message_id")
    if answers and not any(one.chat_id == chat_id and one.number == answers for one in tg.messages):
        if not wanted.get("allow_sending_without_reply"):
            raise _bad("message to be replied not found")
        answers = None
    _spend(tg, chat_id)
    message = Message(chat_id, tg.next_number(chat_id), text, BOT["id"], thread, markup, answers)
    message.silent = str(given.get("disable_notification", "")).lower() == "true"
    tg.messages.append(message)
    return tg.shown(message)


async def _send_document(tg: Telegram, given: Given) -> Any:
    chat_id, thread = _slot(tg, given)
    document = str(given.get("document") or "")
    document = str(given.get(document.removeprefix("attach://"), document))
    if not document:
        raise _bad("there is no document in the request")
    caption = str(given.get("caption") or "")
    if _units(caption) > _LONGEST_CAPTION:
        raise _bad("message caption is too long")
    markup = _markup(given)
    _spend(tg, chat_id)
    message = Message(chat_id, tg.next_number(chat_id), caption, BOT["id"], thread, markup)
    message.document = document
    tg.messages.append(message)
    return tg.shown(message)


async def _delete_message(tg: Telegram, given: Given) -> Any:
    chat_id, number = int(given["chat_id"]), int(given.get("message_id") or 0)
    _slot(tg, {"chat_id": chat_id})
    found = next((one for one in tg.messages if (one.chat_id, one.number) == (chat_id, number)), None)
    if found is None:
        raise _bad("message to delete not found")
    if found.sender != BOT["id"] and tg.members.get(chat_id) != "administrator":
        raise _bad("message can't be deleted")
    _spend(tg, chat_id, edit=True)
    tg.messages.remove(found)
    tg.deleted.append(found)
    return True


async def _edit_markup(tg: Telegram, given: Given) -> Any:
    _slot(tg, {"chat_id": given.get("chat_id")})
    message, markup = _own(tg, given), _markup(given)
    if message.markup and "keyboard" in message.markup:
        raise _bad("message can't be edited")
    if markup == message.markup:
        raise _bad(f"message is not modified: {_SAME}")
    _spend(tg, message.chat_id, edit=True)
    message.markup = markup
    return tg.shown(message)


async def _set_reaction(tg: Telegram, given: Given) -> Any:
    chat_id, number = int(given["chat_id"]), int(given.get("message_id") or 0)
    _slot(tg, {"chat_id": chat_id})
    if not any((one.chat_id, one.number) == (chat_id, number) for one in tg.messages):
        raise _bad("message to react not found")
    wanted = [one["emoji"] for one in given.get("reaction") or []]
    if len(wanted) > 1 or not _REACTIONS.issuperset(wanted) or chat_id in tg.no_reactions:
        raise _bad("REACTION_INVALID")
    tg.reactions[chat_id, number] = wanted
    return True


async def _get_member(tg: Telegram, given: Given) -> Any:
    chat_id = int(given["chat_id"])
    _check_group(tg, chat_id)
    status = tg.members[chat_id]
    rights = {"can_manage_topics": True} if status == "administrator" else {}
    return {"user": BOT, "status": status} | rights


def _own(tg: Telegram, given: Given) -> Message:
    chat_id, number = int(given["chat_id"]), int(given.get("message_id") or 0)
    found = next((one for one in tg.messages if (one.chat_id, one.number) == (chat_id, number)), None)
    if found is None:
        raise _bad("message to edit not found")
    if found.sender != BOT["id"]:
        raise _bad("message can't be edited")
    return found


async def _edit_text(tg: Telegram, given: Given) -> Any:
    _slot(tg, {"chat_id": given.get("chat_id")})
    message, text, markup = _own(tg, given), _text(given), _markup(given)
    if message.markup and "keyboard" in message.markup:
        raise _bad("message can't be edited")
    if (text, markup) == (message.text, message.markup):
        raise _bad(f"message is not modified: {_SAME}")
    _spend(tg, message.chat_id, edit=True)
    message.edits.append(message.text)
    message.text, message.markup = text, markup
    return tg.shown(message)


async def _answer(tg: Telegram, given: Given) -> Any:
    press = tg.presses.get(str(given.get("callback_query_id")))
    if press is None or press["answered"]:
        raise _bad("query is too old and response timeout expired or query ID is invalid")
    if len(str(given.get("text") or "")) > 200:
        raise _bad("MESSAGE_TOO_LONG")
    press["answered"] = True
    tg.answers.append(given)
    return True


async def _set_commands(tg: Telegram, given: Given) -> Any:
    for one in given.get("commands") or []:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise _bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise _bad("BOT_COMMAND_DESCRIPTION_INVALID")
    tg.commands[str(given.get("language_code") or "")] = given["commands"]
    return True


def _topic(tg: Telegram, given: Given) -> dict[str, Any]:
    chat_id, thread = int(given["chat_id"]), int(given.get("message_thread_id") or 0)
    _check_group(tg, chat_id)
    topic = tg.topics.get((chat_id, thread))
    if topic is None:
        raise _bad("message thread not found")
    return topic


def _name(given: Given) -> str:
    name = str(given.get("name", ""))
    if not 1 <= len(name) <= 128:
        raise _bad("TOPIC_NAME_INVALID" if name else "topic name is empty")
    return name


async def _create_topic(tg: Telegram, given: Given) -> Any:
    chat_id, _ = _slot(tg, {"chat_id": given.get("chat_id")})
    if not tg.groups.get(chat_id, {}).get("is_forum"):
        raise _bad("the chat is not a forum")
    _check_topic_right(tg, chat_id, "create")
    name = _name(given)
    _spend(tg, chat_id)
    thread = tg.next_number(chat_id)
    tg.topics[chat_id, thread] = {"name": name, "closed": False, "names": [name]}
    return {"message_thread_id": thread, "name": name, "icon_color": 7322096}


async def _edit_topic(tg: Telegram, given: Given) -> Any:
    topic, name = _topic(tg, given), _name(given)
    _check_topic_right(tg, int(given["chat_id"]), "edit")
    if topic["name"] == name:
        raise _bad("TOPIC_NOT_MODIFIED")
    _spend(tg, int(given["chat_id"]))
    topic["name"] = name
    topic["names"].append(name)
    return True


async def _reopen_topic(tg: Telegram, given: Given) -> Any:
    topic = _topic(tg, given)
    _check_topic_right(tg, int(given["chat_id"]), "reopen")
    if not topic["closed"]:
        raise _bad("TOPIC_NOT_MODIFIED")
    _spend(tg, int(given["chat_id"]))
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
