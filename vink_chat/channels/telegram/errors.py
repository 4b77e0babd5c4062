"""What an operator is refused, and how a call of the Bot API can fail: without an answer, or with a refusal."""

from vink_chat.kit.errors import VinkError


class TopicsOnly(VinkError):
    """It was written to the bot alone, where conversations are held in the topics of a group."""

    sentence = (
        "Разговоры ведутся в темах группы. Напишите в теме нужного разговора; здесь посетитель этого не увидит. "
        "Вы ведёте: {tags}. Смену можно закончить, когда они завершены."
    )
    status = 409


class ChannelUnavailable(Exception):
    """No answer came: the call may be repeated, though Telegram may have done it."""


class AnswerLost(ChannelUnavailable):
    """The answer was lost on its way: Telegram may have done the call, so a repetition may do it twice."""


class AnswerUnreadable(ChannelUnavailable):
    """Telegram did the call, but its answer cannot be read: it must not be repeated."""


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
    """Telegram does not know the token: a retry hardly ever helps, so they are rare."""

    pause = 60.0

    def __init__(self) -> None:
        super().__init__("Telegram does not know this token: check VINK_TELEGRAM_TOKEN")


class Refused(Exception):
    """Telegram will not do this, however often it is asked."""


class ChatClosed(Refused):
    """The bot cannot write to the chat: it was blocked, removed, or never let in."""


class RightMissing(Refused):
    """The bot lacks a right in the group, or the group has no topics, until an administrator changes that."""


class TopicLost(Refused):
    """The topic was deleted."""


class TopicClosed(Refused):
    """The topic is closed."""


class NothingToChange(Refused):
    """The message reads so already, or is gone."""


class ReactionRefused(Refused):
    """The chat takes no reactions, or not this one."""


class GroupMigrated(Refused):
    """The group became a supergroup.

    Attributes:
        chat_id: Its number now.
    """

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the group is {chat_id} now")
        self.chat_id = chat_id
