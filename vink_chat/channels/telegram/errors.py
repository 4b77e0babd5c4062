"""Errors of Bot API calls, temporary or final, and the one error that operators see."""

from vink_chat.kit.errors import VinkError


class TopicsOnly(VinkError):
    """An operator wrote to the bot in private, but conversations are held in the topics of a group."""

    sentence = (
        "Разговоры ведутся в темах группы. Напишите в теме нужного разговора; здесь посетитель этого не увидит. "
        "Вы ведёте: {tags}. Смену можно закончить, когда они завершены."
    )
    status = 409


class ChannelUnavailable(Exception):
    """A call failed for a reason that may pass; the subclasses say whether it may be repeated."""


class AnswerLost(ChannelUnavailable):
    """The connection broke before the response came: Telegram may have executed the call, so a retry may repeat it."""


class AnswerUnreadable(ChannelUnavailable):
    """Telegram executed the call, but its response cannot be parsed: the call must not be repeated."""


class RateLimited(ChannelUnavailable):
    """Telegram asks to wait.

    Attributes:
        seconds: For how long.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:.0f} s")
        self.seconds = seconds


class PollConflict(ChannelUnavailable):
    """Another program polls with the same token."""


class WrongToken(ChannelUnavailable):
    """Telegram rejected the token; retrying rarely helps.

    Attributes:
        retry_seconds: How long to wait before the next attempt.
    """

    retry_seconds = 60.0

    def __init__(self) -> None:
        super().__init__("Telegram does not know this token: check VINK_TELEGRAM_TOKEN")


class Refused(Exception):
    """Telegram rejected a call; the same call would be rejected again."""


class ChatClosed(Refused):
    """The bot cannot write to the chat: it was blocked, removed, or never let in."""


class RightMissing(Refused):
    """The bot lacks a right in the group, or the group has no topics; a group administrator must change that."""


class TopicLost(Refused):
    """The topic was deleted."""


class TopicClosed(Refused):
    """The topic is closed."""


class NothingToChange(Refused):
    """The message already has this text, or no longer exists."""


class ReactionRefused(Refused):
    """The chat allows no reactions, or not this one."""


class GroupMigrated(Refused):
    """The group became a supergroup.

    Attributes:
        chat_id: The supergroup's chat id.
    """

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the group is {chat_id} now")
        self.chat_id = chat_id
