"""The emulated Telegram: people, chats, topics, messages, updates, limits, and faults on order."""

import asyncio
import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

TOKEN = "123456:test-token"
BOT = {"id": 123456, "is_bot": True, "first_name": "Винк", "username": "vink_desk_bot"}


@dataclass(frozen=True)
class Pace:
    """What is tolerated before 429, in seconds. The tolerance is the network's jitter, not generosity."""

    overall: int = 30
    overall_window: float = 1.0
    chat_gap: float = 1.0
    group: int = 20
    group_window: float = 60.0
    tolerance: float = 0.1


@dataclass
class Message:
    """A message in a chat, as the people there see it."""

    chat_id: int
    number: int
    text: str
    sender: int
    thread_id: int | None = None
    markup: dict[str, Any] | None = None
    answers: int | None = None
    silent: bool = False
    document: str = ""
    edits: list[str] = field(default_factory=list)
    at: float = field(default_factory=time.monotonic)
    date: int = field(default_factory=lambda: int(time.time()))

    @property
    def buttons(self) -> dict[str, str]:
        """The inline buttons: words → data."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return {cell["text"]: cell["callback_data"] for row in rows for cell in row}


class Refusal(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class Fault:
    """What goes wrong with the next calls: a refusal, a cut or a delay, each before or after the call took effect."""

    method: str
    times: int = 1
    kind: str = "refuse"
    code: int = 500
    description: str = "Internal Server Error"
    retry_after: int = 0
    seconds: float = 0.0
    chat_id: int | None = None

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether a call meets this fault."""
        return self.times > 0 and self.method in {method, "*"} and self.chat_id in {None, chat_id}


class Telegram:
    """One bot's whole world."""

    def __init__(self, token: str = TOKEN, latency: float = 0.0, pace: Pace | None = None) -> None:
        self.token, self.latency, self.pace = token, latency, pace
        self.url = ""
        self.people: dict[int, dict[str, Any]] = {}
        self.blocked: set[int] = set()
        self.started: set[int] = set()
        self.groups: dict[int, dict[str, Any]] = {}
        self.members: dict[int, str] = {}
        self.no_reactions: set[int] = set()
        self.topics: dict[tuple[int, int], dict[str, Any]] = {}
        self.messages: list[Message] = []
        self.updates: deque[dict[str, Any]] = deque()
        self.presses: dict[str, dict[str, Any]] = {}
        self.answers: list[dict[str, Any]] = []
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.refusals: list[tuple[str, int, str]] = []
        self.faults: list[Fault] = []
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.reactions: dict[tuple[int, int], list[str]] = {}
        self.deleted: list[Message] = []
        self.webhook: dict[str, Any] = {}
        self.allowed: list[str] | None = None
        self.poller: object | None = None
        self.longest_poll = 50.0
        self.stirred = asyncio.Event()
        self._update_ids, self._press_ids = itertools.count(1000), itertools.count(1)
        self._numbers: defaultdict[int, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        self.spent: defaultdict[int, deque[float]] = defaultdict(deque)
        self.overall: deque[float] = deque()
        self.even: defaultdict[int, float] = defaultdict(float)
        self.said: defaultdict[int, float] = defaultdict(float)
        self.closed_until: dict[int, float] = {}
        self.early = 0
        self.closing = False

    @property
    def base_url(self) -> str:
        """What VINK_TELEGRAM_BASE_URL is to be."""
        return f"{self.url}/bot"

    def close(self) -> None:
        """Let every waiting poll go."""
        self.closing = True
        self.poller = None
        self.stirred.set()

    # People

    def person(self, number: int, name: str, language: str = "ru") -> int:
        """Make somebody."""
        self.people[number] = {
            "id": number, "is_bot": False, "first_name": name, "username": f"user{number}", "language_code": language,
        }  # fmt: skip
        return number

    def group(self, number: int, *, forum: bool = True) -> int:
        """Make a supergroup in which the bot may make topics."""
        self.groups[number] = {"id": number, "type": "supergroup", "title": "Операторы", "is_forum": forum}
        self.members[number] = "administrator"
        return number

    def change_membership(self, group: int, status: str, *, tell: bool = True) -> None:
        """Make the bot an administrator, a member, or put it out of a group (``kicked``, ``left``)."""
        before, self.members[group] = self.members[group], status
        if tell:
            self.update(
                my_chat_member={
                    "chat": self.groups[group], "from": next(iter(self.people.values()), BOT), "date": int(time.time()),
                    "old_chat_member": {"user": BOT, "status": before},
                    "new_chat_member": {"user": BOT, "status": status},
                }
            )  # fmt: skip

    def close_topic(self, person: int, chat: int, thread: int) -> None:
        """Have somebody close a topic, which Telegram tells in the topic."""
        self.topics[chat, thread]["closed"] = True
        self.say(person, None, chat=chat, thread=thread, forum_topic_closed={})

    def paste(self, person: int, text: str, **where: Any) -> list[Message]:
        """Have somebody paste a text, which the client cuts into messages of 4,096 UTF-16 units."""
        units = text.encode("utf-16-le")
        parts = [units[at : at + 2 * 4096].decode("utf-16-le") for at in range(0, len(units), 2 * 4096)]
        return [self.say(person, part, **where) for part in parts]

    def migrate(self, before: int, after: int, *, tell: bool = True) -> None:
        """Have a group become a supergroup with topics, which has another number."""
        self.group(after)
        self.groups[before]["migrated"] = after
        if tell:
            person = next(iter(self.people.values()))
            about = {"id": before, "type": "group", "title": "Операторы"}
            self.update(
                message={"message_id": 1, "date": 1, "chat": about, "from": person, "migrate_to_chat_id": after}
            )

    def chat(self, chat_id: int) -> dict[str, Any]:
        """A chat as updates show it."""
        if chat_id in self.groups:
            return self.groups[chat_id]
        return {"id": chat_id, "type": "private", "first_name": self.people[chat_id]["first_name"]}

    def say(self, person: int, text: str | None, *, chat: int | None = None, thread: int | None = None,
            answers: int | None = None, **other: Any) -> Message:  # fmt: skip
        """Have somebody write: text, or `photo=…`, `sticker=…` with text=None."""
        chat_id = chat or person
        if chat_id == person:
            self.started.add(person)
        message = Message(chat_id, next(self._numbers[chat_id]), text or "", person, thread, answers=answers)
        self.messages.append(message)
        body = self.shown(message) | other
        if text is None:
            body.pop("text")
        self.update(message=body)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Have somebody correct what they wrote."""
        message.text = text
        self.update(edited_message=self.shown(message) | {"edit_date": int(time.time())})

    def press(self, person: int, message: Message, words: str) -> str:
        """Have somebody press a button by its words; returns the press's id."""
        return self.press_data(person, message, message.buttons[words])

    def press_data(self, person: int, message: Message, data: str) -> str:
        """Have somebody press a button by what it carries."""
        number = str(next(self._press_ids))
        press = {
            "id": number, "from": self.people[person], "chat_instance": "1", "data": data,
            "message": self.shown(message),
        }  # fmt: skip
        self.presses[number] = {"answered": False, "at": time.monotonic()}
        self.update(callback_query=press)
        return number

    def block(self, person: int) -> None:
        """Have somebody block the bot, without Telegram telling of it (it does not always)."""
        self.blocked.add(person)

    def delete_topic(self, chat: int, thread: int) -> None:
        """Have somebody delete a topic and everything in it."""
        del self.topics[chat, thread]
        self.messages = [one for one in self.messages if (one.chat_id, one.thread_id) != (chat, thread)]

    # What people see

    def seen(self, chat: int, thread: int | None = None, *, bot: bool = True) -> list[Message]:
        """The messages of a chat, or of one topic; only the bot's."""
        return [
            one for one in self.messages
            if one.chat_id == chat and (thread is None or one.thread_id == thread)
            and (not bot or one.sender == BOT["id"])
        ]  # fmt: skip

    def texts(self, chat: int, thread: int | None = None) -> list[str]:
        """The texts the bot wrote there."""
        return [one.text for one in self.seen(chat, thread)]

    async def until(self, condition: Callable[[], Any], what: str = "it", seconds: float = 10) -> Any:
        """Wait until something is so; otherwise fail and tell what was seen."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                last = [(one.chat_id, one.thread_id, one.text[:80]) for one in self.messages[-12:]]
                message = (
                    f"{what} did not come in {seconds} s; the last messages: {last}; refusals: {self.refusals[-5:]}"
                )
                raise AssertionError(message)
            await asyncio.sleep(0.01)
        return found

    async def read(self, chat: int, part: str, *, thread: int | None = None, seconds: float = 10) -> Message:
        """Wait for the bot's message with some words in it and return the newest."""

        def newest() -> Message | None:
            return next((one for one in reversed(self.seen(chat, thread)) if part in one.text), None)

        return await self.until(newest, f"«{part}» in chat {chat}", seconds)

    async def answered(self, press: str, seconds: float = 10) -> str:
        """Wait until a press is answered and return the words."""

        def found() -> list[str]:
            return [one.get("text") or " " for one in self.answers if one["callback_query_id"] == press]

        return (await self.until(found, f"the answer to press {press}", seconds))[0].strip()

    def fail(self, method: str, times: int = 1, **how: Any) -> None:
        """Order a fault: `kind` is refuse, cut, cut_after, hang, hang_after, or odd (done, answered `description`)."""
        self.faults.append(Fault(method, times, **how))

    # Wires

    def shown(self, message: Message) -> dict[str, Any]:
        """A message as JSON."""
        body: dict[str, Any] = {
            "message_id": message.number, "date": message.date, "chat": self.chat(message.chat_id),
            "from": self.people.get(message.sender, BOT), "text": message.text,
        }  # fmt: skip
        if message.thread_id:
            body |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        if message.answers:
            body["reply_to_message"] = self._answered(message.chat_id, message.answers)
        if message.markup and "inline_keyboard" in message.markup:
            body["reply_markup"] = message.markup
        return body

    def _answered(self, chat_id: int, number: int) -> dict[str, Any]:
        found = next((one for one in self.messages if (one.chat_id, one.number) == (chat_id, number)), None)
        # Telegram shows the message that is replied to, but not what that one replies to.
        about = self.shown(replace(found, answers=None)) if found else {}
        return about or {"message_id": number, "date": 1, "chat": self.chat(chat_id)}

    def next_number(self, chat_id: int) -> int:
        """The next message number of a chat."""
        return next(self._numbers[chat_id])

    def update(self, **body: Any) -> int:
        """Queue an update, whatever is in it."""
        number = next(self._update_ids)
        if self.allowed is None or next(iter(body)) in self.allowed or "raw" in body:
            self.updates.append({"update_id": number, **body})
            self.stirred.set()
        return number
