"""The calls of the Bot API we use, over python-telegram-bot, which no other file imports.

Bot API: https://core.telegram.org/bots/api. Every call has a timeout; no text is ever parsed as markup.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

import httpx
import orjson
from telegram import Bot as PtbBot
from telegram import (
    BotCommand,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)
from telegram.request import HTTPXRequest

from vink_chat.channels.telegram import errors

T = TypeVar("T")
Markup = dict[str, Any]

CALL_SECONDS: Final = 10.0
POLL_SECONDS: Final = 25
# Unknown token, or another program polls with it.
_TOKEN_ERRORS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors raised before a request is sent."""
ALLOWED_UPDATES: Final = ["message", "edited_message", "callback_query", "my_chat_member"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes: the chat, its topic, the message it replies to; and whether it is silent."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    silent: bool = False


class Health:
    """Whether the last request of each connection pool (calls, polls) reached Telegram with a valid token."""

    def __init__(self) -> None:
        self._reachable: dict[int, bool] = {}
        self._works = asyncio.Event()

    def note(self, pool: int, *, reachable: bool) -> None:
        """Record whether a request of a connection pool reached Telegram."""
        self._reachable[pool] = reachable
        if all(self._reachable.values()):
            self._works.set()
        else:
            self._works.clear()

    async def wait_until_working(self) -> None:
        """Wait until the bot works; before its first request it does not."""
        await self._works.wait()


class Bot:
    """One bot on one Bot API server.

    Attributes:
        health: Whether its requests reach Telegram.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self.health = Health()
        calls, polls = _request(32, self.health), _request(1, self.health)
        self._ptb_bot = _RawUpdatesBot(token, base_url, request=calls, get_updates_request=polls)

    async def open(self) -> None:
        """Prepare the connections; nothing is sent yet."""
        await self._ptb_bot.open()

    async def close(self) -> None:
        """Close the connections."""
        await self._ptb_bot.close_connections()

    async def username(self) -> str:
        """Return the bot's username (getMe)."""
        return (await _translate_errors(self._ptb_bot.get_me())).username or ""

    async def poll(self, offset: int | None) -> list[dict[str, Any]]:
        """Wait for updates from an offset on (getUpdates); return them raw, so that a malformed one loses no others."""
        return await _translate_errors(self._ptb_bot.raw_updates(offset))

    async def stop_webhook(self) -> None:
        """Remove the webhook, so that updates can be polled (deleteWebhook)."""
        await _translate_errors(self._ptb_bot.delete_webhook())

    async def set_webhook(self, url: str, secret: str) -> None:
        """Set the webhook (setWebhook)."""
        call = self._ptb_bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40)
        await _translate_errors(call)

    async def set_commands(self, commands: dict[str, str], language: str | None) -> None:
        """Set the menu of commands in one language, or for all others (setMyCommands)."""
        menu = [BotCommand(name, text) for name, text in commands.items()]
        await _translate_errors(self._ptb_bot.set_my_commands(menu, language_code=language))

    async def send(self, destination: Destination, text: str, markup: Markup | None) -> int:
        """Send plain text and return its number in the chat (sendMessage)."""
        reply = (
            ReplyParameters(destination.reply_to, allow_sending_without_reply=True) if destination.reply_to else None
        )
        sent = await _translate_errors(
            self._ptb_bot.send_message(
                destination.chat_id,
                text,
                message_thread_id=destination.thread_id,
                reply_parameters=reply,
                reply_markup=_markup(markup),
                disable_notification=destination.silent,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return sent.message_id

    async def send_file(self, destination: Destination, name: str, body: str) -> int:
        """Send a text as a file and return its number in the chat (sendDocument)."""
        file = InputFile(body.encode(), filename=name)
        sent = await _translate_errors(
            self._ptb_bot.send_document(destination.chat_id, file, message_thread_id=destination.thread_id)
        )
        return sent.message_id

    async def edit(self, chat_id: int, telegram_id: int, text: str, markup: Markup | None) -> None:
        """Change a message of the bot (editMessageText); without markup its buttons are removed."""
        await _translate_errors(
            self._ptb_bot.edit_message_text(
                text,
                chat_id,
                telegram_id,
                reply_markup=_inline(markup),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def change_keyboard(self, chat_id: int, telegram_id: int, markup: Markup | None) -> None:
        """Put other buttons under a message of the bot, or none (editMessageReplyMarkup)."""
        call = self._ptb_bot.edit_message_reply_markup(chat_id, telegram_id, reply_markup=_inline(markup))
        await _translate_errors(call)

    async def react(self, chat_id: int, telegram_id: int, emoji: str) -> None:
        """React to a message, replacing the bot's previous reaction (setMessageReaction)."""
        await _translate_errors(self._ptb_bot.set_message_reaction(chat_id, telegram_id, emoji))

    async def delete(self, chat_id: int, telegram_id: int) -> None:
        """Delete a message of the bot (deleteMessage)."""
        await _translate_errors(self._ptb_bot.delete_message(chat_id, telegram_id))

    async def answer(self, press_id: str, text: str, *, alert: bool) -> None:
        """Answer a button press (answerCallbackQuery); Telegram shows up to 200 characters."""
        await _translate_errors(self._ptb_bot.answer_callback_query(press_id, text[:200] or None, show_alert=alert))

    async def is_member(self, chat_id: int, bot_id: int) -> bool:
        """Tell whether the bot is in a group (getChatMember)."""
        status = (await _translate_errors(self._ptb_bot.get_chat_member(chat_id, bot_id))).status
        return status in {"member", "administrator", "creator", "restricted"}

    async def create_topic(self, chat_id: int, name: str) -> int:
        """Create a topic and return its number (createForumTopic)."""
        return (await _translate_errors(self._ptb_bot.create_forum_topic(chat_id, name))).message_thread_id

    async def rename_topic(self, chat_id: int, thread_id: int, name: str) -> None:
        """Rename a topic (editForumTopic)."""
        await _translate_errors(self._ptb_bot.edit_forum_topic(chat_id, thread_id, name=name))

    async def reopen_topic(self, chat_id: int, thread_id: int) -> None:
        """Reopen a topic (reopenForumTopic)."""
        await _translate_errors(self._ptb_bot.reopen_forum_topic(chat_id, thread_id))


class _RawUpdatesBot(PtbBot):
    """The library's bot, but with unparsed updates and without a call on startup."""

    async def open(self) -> None:
        """Prepare the connections."""
        for request in self._request:
            await request.initialize()

    async def close_connections(self) -> None:
        """Close the connections."""
        for request in self._request:
            await request.shutdown()

    async def raw_updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Return the updates as JSON, unparsed."""
        params = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES, "limit": 100}
        updates = await self._post("getUpdates", params, read_timeout=POLL_SECONDS + CALL_SECONDS)
        return cast("list[dict[str, Any]]", updates) if isinstance(updates, list) else []


class _Flood(TelegramError):
    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        super().__init__("Too Many Requests")
        self.seconds = seconds


class _Unreadable(TelegramError):
    """The call succeeded (2xx), but its response could not be parsed."""


class _Request(HTTPXRequest):
    """The library's requests, which also record health, and handle 429 (the library's own error is deprecated)."""

    def __init__(self, health: Health, **options: Any) -> None:
        super().__init__(**options)
        self._health = health

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except TelegramError:
            self._health.note(id(self), reachable=False)
            raise
        reachable = code < HTTPStatus.INTERNAL_SERVER_ERROR and code not in _TOKEN_ERRORS
        self._health.note(id(self), reachable=reachable)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise _Flood(_seconds(payload))
        if not HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            return code, payload
        return code, _minimal_response(str(kwargs.get("url") or args[0]).rpartition("/")[2], payload)


def _minimal_response(method: str, payload: bytes) -> bytes:
    """Return a valid response with only the fields we need, and made-up values for the others the library demands.

    So an unexpected field cannot make a successful call look like a failed one, which would be retried.
    """
    try:
        result = orjson.loads(payload)["result"]
        if method in {"sendMessage", "sendDocument"}:
            chat = {"id": 1, "type": "private"}
            result = {"message_id": int(result["message_id"]), "date": 0, "chat": chat}
        elif method == "createForumTopic":
            result = {"message_thread_id": int(result["message_thread_id"]), "name": "-", "icon_color": 0}
        elif method.startswith(("edit", "delete", "answer", "setMessage")):
            result = True
    except (ValueError, KeyError, TypeError):
        raise _Unreadable(method) from None
    return orjson.dumps({"ok": True, "result": result})


def _seconds(payload: bytes) -> float:
    try:
        return max(1.0, float(orjson.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return 5.0


def _request(connections: int, health: Health) -> _Request:
    return _Request(
        health,
        connection_pool_size=connections,
        read_timeout=CALL_SECONDS,
        write_timeout=CALL_SECONDS,
        connect_timeout=5.0,
        pool_timeout=CALL_SECONDS,
    )


def _inline(markup: Markup | None) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(markup, None) if markup else None


def _markup(markup: Markup | None) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return _inline(markup)
    # Selective: in a group only the user replied to sees it.
    return ReplyKeyboardMarkup(markup["keyboard"], resize_keyboard=True, selective=True)


async def _translate_errors(call: Awaitable[T]) -> T:
    """Await a call and turn the library's errors into ours."""
    try:
        return await call
    except _Flood as error:
        raise errors.RateLimited(error.seconds) from None
    except ChatMigrated as error:
        raise errors.GroupMigrated(error.new_chat_id) from None
    except Conflict as error:
        raise errors.PollConflict(error.message) from None
    except InvalidToken:
        raise errors.WrongToken from None
    except Forbidden as error:
        raise errors.ChatClosed(error.message) from None
    except BadRequest as error:
        raise _refusal(error.message) from None
    except TelegramError as error:
        raise _unanswered(error) from None


def _unanswered(error: TelegramError) -> errors.TemporaryFailure:
    if isinstance(error, _Unreadable):
        return errors.AnswerUnreadable(error.message)
    lost = isinstance(error.__cause__, httpx.HTTPError) and not isinstance(error.__cause__, _UNSENT)
    return (errors.AnswerLost if lost else errors.TemporaryFailure)(type(error).__name__)


def _refusal(message: str) -> errors.CallRejected:
    plain = message.lower().replace("_", " ")
    phrases: tuple[tuple[type[errors.CallRejected], tuple[str, ...]], ...] = (
        (errors.TopicLost, ("message thread not found", "topic deleted", "topic id invalid")),
        (errors.TopicClosed, ("topic closed",)),
        (errors.ReactionRefused, ("reaction",)),
        (
            errors.NothingToChange,
            (
                "message is not modified",
                "topic not modified",
                "message to edit not found",
                "can't be edited",
                "message to delete not found",
                "message can't be deleted",
                "message to react not found",
            ),
        ),
        (errors.ChatClosed, ("chat not found", "user is deactivated", "group chat was deactivated")),
        (
            errors.RightMissing,
            ("not enough rights", "no rights to send", "chat write forbidden", "admin required", "not a forum"),
        ),
    )
    for kind, known in phrases:
        if any(phrase in plain for phrase in known):
            return kind(message)
    return errors.CallRejected(message)
