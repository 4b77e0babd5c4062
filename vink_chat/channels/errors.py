"""What an operator elsewhere is refused."""

from vink_chat.kit.errors import VinkError


class UnclearAnswer(VinkError):
    """It belongs to no conversation that is held, and another could be meant."""

    sentence = (
        "Непонятно, к какому разговору это относится; клиенту ничего не отправлено. Вы ведёте: {tags}. "
        "Ответьте на сообщение клиента из нужного разговора."
    )
    status = 409


class TopicsOnly(VinkError):
    """It was written to the bot alone, where conversations are led in the topics of a group."""

    sentence = "Разговоры ведутся в темах группы. Напишите в теме нужного разговора; здесь клиент этого не увидит."
    status = 409
