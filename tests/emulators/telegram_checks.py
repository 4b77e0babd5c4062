"""What the Bot API refuses of a call before it is done: limits, closed chats, rights, texts and keyboards."""

import math
import re
import time
from typing import Any

from tests.emulators.telegram_state import Refusal, Telegram

Given = dict[str, Any]
LONGEST = 4096
_MOST_BUTTONS = 100
_TAGS = re.compile(r"<(/?)(\w+)[^>]*>")


def bad(words: str) -> Refusal:
    return Refusal(400, f"Bad Request: {words}")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def spend(tg: Telegram, chat_id: int, *, edit: bool = False) -> None:
    """Count a call against the limits; early calls after a 429 are counted too.

    A message comes a gap after the one before; with edits between them a chat may run one call ahead.
    """
    clock = time.monotonic()
    if clock < tg.closed_until.get(chat_id, 0.0):
        tg.early += 1
        raise too_many(tg.closed_until[chat_id] - clock)
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
        raise too_many(wait)
    own.append(clock)
    everything.append(clock)
    tg.even[chat_id] = even + pace.chat_gap
    if not edit:
        tg.said[chat_id] = clock


def too_many(seconds: float) -> Refusal:
    wait = max(1, math.ceil(seconds))
    return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def slot(tg: Telegram, given: Given) -> tuple[int, int | None]:
    try:
        chat_id = int(given["chat_id"])
    except (KeyError, ValueError):
        raise bad("chat_id is empty" if "chat_id" not in given else "chat not found") from None
    if chat_id in tg.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if chat_id > 0 and chat_id not in tg.started:
        known = chat_id in tg.people
        raise (
            Refusal(403, "Forbidden: bot can't initiate conversation with a user") if known else bad("chat not found")
        )
    if chat_id < 0:
        check_group(tg, chat_id)
    thread = int(given["message_thread_id"]) if given.get("message_thread_id") else None
    if thread is not None:
        topic = tg.topics.get((chat_id, thread))
        if topic is None:
            raise bad("message thread not found")
        # Whoever may manage topics may write into a closed one.
        if topic["closed"] and tg.members[chat_id] != "administrator":
            raise bad("TOPIC_CLOSED")
    return chat_id, thread


def check_group(tg: Telegram, chat_id: int) -> None:
    if chat_id not in tg.groups:
        raise bad("chat not found")
    if moved := tg.groups[chat_id].get("migrated"):
        raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
    if tg.members[chat_id] == "kicked":
        raise Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
    if tg.members[chat_id] == "left":
        raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")


def check_topic_right(tg: Telegram, chat_id: int, what: str) -> None:
    if tg.members.get(chat_id) != "administrator":
        raise bad(f"not enough rights to {what} a topic")


def text(given: Given) -> str:
    text = str(given.get("text", ""))
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > LONGEST:
        raise bad("message is too long")
    mode = str(given.get("parse_mode", "")).lower()
    if mode == "html":
        _check_html(text)
    elif mode == "markdownv2" and (sign := re.search(r"(?<!\\)[.!\-=#+{}|]", text)):
        where = f"Character '{sign[0]}' is reserved and must be escaped"
        raise bad(f"can't parse entities: {where} with the preceding '\\'")
    for entity in given.get("entities") or []:
        if entity["offset"] < 0 or entity["offset"] + entity["length"] > units(text):
            raise bad("can't parse entities: entity is out of the text")
    return text


def _check_html(text: str) -> None:
    stack: list[str] = []
    for closing, tag in _TAGS.findall(text):
        if tag not in {"b", "i", "u", "s", "a", "code", "pre"}:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset 0')
        if not closing:
            stack.append(tag)
        elif not stack or stack.pop() != tag:
            raise bad("can't parse entities: Unmatched end tag at byte offset 0")
    if stack:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1]}\"")


def markup(given: Given) -> Given | None:
    markup = given.get("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if sum(len(row) for row in markup.get("inline_keyboard", [])) > _MOST_BUTTONS:
        raise bad("reply markup is too long")
    for row in markup.get("inline_keyboard", []):
        for cell in row:
            data = cell.get("callback_data", "")
            if not cell.get("text"):
                raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
            if not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
    return markup
