"""What an operator elsewhere is refused."""

from vink_chat.kit.errors import VinkError


class UnclearAnswer(VinkError):
    """It answers a message that belongs to no conversation, and several could be meant."""

    sentence = (
        "Непонятно, к какому разговору относится ответ. Ответьте на сообщение клиента из этого разговора "
        "или напишите без ответа — тогда текст уйдёт в разговор, где вы писали последним."
    )
    status = 409
