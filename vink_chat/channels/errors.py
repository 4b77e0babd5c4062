"""What an operator elsewhere is refused."""

from vink_chat.kit.errors import VinkError


class TopicsOnly(VinkError):
    """It was written to the bot alone, where conversations are led in the topics of a group."""

    sentence = (
        "Разговоры ведутся в темах группы. Напишите в теме нужного разговора; здесь посетитель этого не увидит. "
        "Вы ведёте: {tags}. Смену можно закончить, когда они завершены."
    )
    status = 409
