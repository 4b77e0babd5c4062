"""Errors of suggested replies, and of a question that is tried again."""

from vink_chat.kit.errors import VinkError
from vink_chat.kit.rate_limit import TooFast


class NoDraft(VinkError):
    """Neither a model nor the knowledge base has anything to suggest."""

    sentence = "У ассистента нет черновика для этого разговора."
    status = 409


class TooManyDrafts(TooFast):
    """An operator asked for more suggestions in a minute than the limit."""

    sentence = "Слишком много черновиков за минуту. Подождите {seconds} с и повторите."


class NothingToRetry(VinkError):
    """There is no question to retry: an operator holds the conversation, or it is closed."""

    sentence = "Разговор уже ведёт специалист, или он завершён: повторять нечего."
    status = 409
