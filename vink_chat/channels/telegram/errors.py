"""What an operator is refused, and what can go wrong with a call: no answer, or a refusal."""

from vink_chat.kit.errors import VinkError


class TopicsOnly(VinkError):
    """It was written to the bot alone, where conversations are led in the topics of a group."""

    sentence = (
        "Разговоры ведутся в темах группы. Напишите в теме нужного разговора; здесь посетитель этого не увидит. "
        "Вы ведёте: {tags}. Смену можно закончить, когда они завершены."
    )
    status = 409


class ChannelUnavailable(Exception):
    """No answer came: the call may be made again, though it may have been heard."""


class Unsure(ChannelUnavailable):
    """The answer was lost on its way: Telegram may have done it, so a repetition may do it twice."""


class Taken(ChannelUnavailable):
    """Telegram did it, and answered what cannot be read: it must not be asked again."""


class Later(ChannelUnavailable):
    """Telegram asks to wait.

    Attributes:
        seconds: For how long.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:.0f} s")
        self.seconds = seconds


class Contested(ChannelUnavailable):
    """Another program polls with the same token."""


class WrongToken(ChannelUnavailable):
    """Telegram does not know the token: nobody is helped by a retry, so one is made seldom."""

    pause = 60.0

    def __init__(self) -> None:
        super().__init__("Telegram does not know this token: check VINK_TELEGRAM_TOKEN")


class Refused(Exception):
    """Telegram will not do this, however often it is asked."""


class Unreachable(Refused):
    """The chat is closed to the bot: it was blocked, removed, or never let in."""


class NotAllowed(Refused):
    """The bot lacks a right in the group for this one thing, or the group has no topics, until somebody sees to it."""


class TopicLost(Refused):
    """Somebody deleted the topic."""


class TopicClosed(Refused):
    """Somebody closed the topic."""


class Unchanged(Refused):
    """The message reads so already, or is gone: there is nothing to edit."""


class NoReaction(Refused):
    """The chat takes no reactions, or not this one."""


class Moved(Refused):
    """The group became a supergroup.

    Attributes:
        chat_id: Its number now.
    """

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the group is {chat_id} now")
        self.chat_id = chat_id
