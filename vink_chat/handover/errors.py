"""Refusals of the handover."""

from vink_chat.handover import estimate
from vink_chat.kit.errors import VinkError
from vink_chat.kit.rate_limit import TooFast
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.preferences import Greeting, current


class AlreadyTaken(VinkError):
    """Another operator was quicker."""

    sentence = "Уже взял(а) {name}."
    status = 409


class HolderPresent(VinkError):
    """The operator who holds the conversation can answer now: only an administrator may take it over."""

    sentence = "{name} на месте: забрать разговор может только администратор."
    status = 409


class HolderBlocks(VinkError):
    """An operator who can answer now holds the visitor's conversation: a colleague may not end it by blocking."""

    sentence = "{name} на месте: заблокировать посетителя и завершить этот разговор может {name} или администратор."
    status = 409


class StillBlocked(VinkError):
    """The visitor of a conversation that an operator wants to reopen is blocked and could not answer."""

    sentence = "Посетитель заблокирован и не сможет ответить: сначала разблокируйте его."
    status = 409


class YoursAlready(VinkError):
    """The operator already holds the conversation that would be given to them."""

    sentence = "Этот разговор и так ведёте вы."
    status = 409


class AlreadyJoined(VinkError):
    """The visitor withdraws a call that an operator has already claimed."""

    sentence = "Специалист уже подключился к разговору: {name}."
    status = 409


class CallWithdrawn(VinkError):
    """An operator claims a call that the visitor has just withdrawn."""

    sentence = "Посетитель больше не ждёт: с ним снова ассистент."
    status = 409


class StillOpen(VinkError):
    """The conversation is not closed yet, so it cannot be rated."""

    sentence = "Разговор ещё не завершён: оценить его можно в конце."
    status = 409


class NewWords(VinkError):
    """The visitor has written something that the operator who finishes has not seen."""

    sentence = "Посетитель написал ещё. Прочитайте, прежде чем завершать."
    status = 409


class BadContacts(VinkError):
    """Neither a phone number nor an e-mail address was given; ``field`` is where the form shows it."""

    sentence = "Оставьте телефон или почту, чтобы мы могли ответить."
    field = "phone"


class BadPhone(BadContacts):
    """The phone number is invalid."""

    sentence = "Проверьте номер: в нём не хватает цифр."


class BadEmail(BadContacts):
    """The e-mail address is invalid."""

    sentence = "Проверьте адрес: он пишется как anna@example.ru."
    field = "email"


class BadPeriod(VinkError):
    """A visitor is blocked for one of the offered periods."""

    sentence = "Выберите, на сколько заблокировать посетителя."


class AddressNotKept(VinkError):
    """The visitor's address is unknown or was erased, so it cannot be blocked with them."""

    sentence = "Адрес этого посетителя не сохранился: заблокировать можно только самого посетителя."
    status = 409


class SharedAddress(VinkError):
    """The address is that of a proxy: blocking it would close the chat to everybody."""

    sentence = (
        "Это адрес прокси перед чатом, он общий для всех посетителей. "
        "Чтобы блокировать по адресу, перечислите прокси в VINK_TRUSTED_PROXIES."
    )
    status = 409


class BadRating(VinkError):
    """The rating is not one to five stars."""

    sentence = "Оценка бывает от 1 до 5."


class NotRated(VinkError):
    """A comment needs stars first."""

    sentence = "Сначала поставьте оценку."
    status = 409


class AddressUsedUp(TooFast):
    """An address has used up a limit per hour. The sentence names the shop's other contacts, if it has any."""

    def say(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the sentence in a language, with the time in words."""
        text = say(self.sentence, language, time=estimate.words(self.seconds, language))
        contacts = current(Greeting).contacts
        return (
            f"{text} {say('Связаться с нами можно и так: {contacts}', language, contacts=contacts)}"
            if contacts
            else text
        )


class TooManyConversations(AddressUsedUp):
    """An address has opened too many conversations within an hour; calling a person is still possible."""

    sentence = "С вашего адреса начато слишком много разговоров. Подождите {time} или позовите специалиста."


class TooManyCalls(AddressUsedUp):
    """An address has called a person too often within an hour."""

    sentence = "С вашего адреса слишком часто зовут специалиста. Подождите {time} и повторите."
