"""What an operator who asks for a draft can be refused."""

from vink_chat.kit.errors import VinkError
from vink_chat.kit.rate_limit import TooFast


class NoDraft(VinkError):
    """Neither a model nor the knowledge has anything fit to show."""

    sentence = "У ассистента нет черновика для этого разговора."
    status = 409


class TooManyDrafts(TooFast):
    """One operator asked for as many drafts within a minute as they may."""

    sentence = "Слишком много черновиков за минуту. Подождите {seconds} с и повторите."


class NothingToRetry(VinkError):
    """A person holds the conversation, or it is over."""

    sentence = "Разговор уже ведёт специалист, или он завершён: повторять нечего."
    status = 409
