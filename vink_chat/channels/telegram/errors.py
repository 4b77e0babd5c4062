"""Errors of Bot API calls, temporary or final, and the one error that operators see."""

from vink_chat.kit.errors import VinkError


class TopicsOnly(VinkError):
    """An operator wrote to the bot in private, but conversations are held in the topics of a group."""

    sentence = (
        "Разговоры ведутся в темах группы. Напишите в теме нужного разговора; здесь посетитель этого не увидит. "
        "Вы ведёте: {tags}. Смену можно закончить, когда они завершены."
    )
    status = 409


class TemporaryFailure(Exception):
    """A call failed for a reason that may pass; the subclasses say whether it may be repeated."""


class AnswerLost(TemporaryFailure):
    """The connection broke before the response came: Telegram may have executed the call, so a retry may repeat it."""


class AnswerUnreadable(TemporaryFailure):
    """Telegram executed the call, but its response cannot be parsed: the call must not be repeated."""


class RateLimited(TemporaryFailure):
    """Telegram asks to wait.

    Attributes:
        seconds: For how long.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:.0f} s")
        self.seconds = seconds


class PollConflict(TemporaryFailure):
    """Another program polls with the same token."""


class WrongToken(TemporaryFailure):
    """Telegram rejected the token; retrying rarely helps.

    Attributes:
        retry_seconds: How long to wait before the next attempt.
    """

    retry_seconds = 60.0

    def __init__(self) -> None:
        super().__init__("Telegram does not know this token: check VINK_TELEGRAM_TOKEN")


class CallRejected(Exception):
    """Telegram rejected a call; the same call would be rejected again."""


class ChatClosed(CallRejected):
    """The bot cannot write to the chat: it was blocked, removed, or never let in."""


class RightMissing(CallRejected):
    """The bot lacks a right in the group, or the group has no topics; a group administrator must change that."""


class TopicLost(CallRejected):
    """The topic was deleted."""


class TopicClosed(CallRejected):
    """The topic is closed."""


class NothingToChange(CallRejected):
    """The message already has this text, or no longer exists."""


class ReactionRefused(CallRejected):
    """The chat allows no reactions, or not this one."""


class GroupMigrated(CallRejected):
    """The group became a supergroup.

    Attributes:
        chat_id: The supergroup's chat id.
    """

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the group is {chat_id} now")
        self.chat_id = chat_id
