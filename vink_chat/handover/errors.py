"""What can be refused at a handover."""

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
    """The operator who holds it can answer now; only an administrator takes it over all the same."""

    sentence = "{name} на месте: забрать разговор может только администратор."
    status = 409


class HolderBlocks(VinkError):
    """The visitor talks to an operator who can answer now: a colleague may not end that by blocking."""

    sentence = "{name} на месте: заблокировать посетителя и завершить этот разговор может {name} или администратор."
    status = 409


class StillBlocked(VinkError):
    """A conversation with a blocked visitor would be taken up again: they could not answer."""

    sentence = "Посетитель заблокирован и не сможет ответить: сначала разблокируйте его."
    status = 409


class YoursAlready(VinkError):
    """A conversation would be given to the operator who holds it."""

    sentence = "Этот разговор и так ведёте вы."
    status = 409


class AlreadyJoined(VinkError):
    """The visitor took the call back, but an operator was quicker."""

    sentence = "Специалист уже подключился к разговору: {name}."
    status = 409


class CallWithdrawn(VinkError):
    """An operator took a call, but the visitor was quicker and took it back."""

    sentence = "Посетитель больше не ждёт: с ним снова ассистент."
    status = 409


class NoOpenConversation(VinkError):
    """There is no running conversation to hand over."""

    sentence = "Этот разговор уже завершён."
    status = 409


class StillOpen(VinkError):
    """The conversation is rated once it is over."""

    sentence = "Разговор ещё не завершён: оценить его можно в конце."
    status = 409


class NewWords(VinkError):
    """The visitor wrote something that whoever wants to finish has not seen."""

    sentence = "Посетитель написал ещё. Прочитайте, прежде чем завершать."
    status = 409


class BadContacts(VinkError):
    """Neither a phone nor an e-mail was left; ``field`` is where the form says so."""

    sentence = "Оставьте телефон или почту, чтобы мы могли ответить."
    field = "phone"


class BadPhone(BadContacts):
    """What stands as a phone number is none."""

    sentence = "Проверьте номер: в нём не хватает цифр."


class BadEmail(BadContacts):
    """What stands as an e-mail address is none."""

    sentence = "Проверьте адрес: он пишется как anna@example.ru."
    field = "email"


class BadPeriod(VinkError):
    """A visitor is blocked for a period we offer."""

    sentence = "Выберите, на сколько заблокировать посетителя."


class AddressNotKept(VinkError):
    """The address of a visitor who is to be blocked with it is not known any more, or never was."""

    sentence = "Адрес этого посетителя не сохранился: заблокировать можно только самого посетителя."
    status = 409


class SharedAddress(VinkError):
    """The address is that of a proxy: to block it would close the chat to everybody."""

    sentence = (
        "Это адрес прокси перед чатом, он общий для всех посетителей. "
        "Чтобы блокировать по адресу, перечислите прокси в VINK_TRUSTED_PROXIES."
    )
    status = 409


class BadRating(VinkError):
    """A rating has one to five stars."""

    sentence = "Оценка бывает от 1 до 5."


class NotRated(VinkError):
    """Words about a conversation stand beside its stars."""

    sentence = "Сначала поставьте оценку."
    status = 409


class AddressUsedUp(TooFast):
    """What one address may do within an hour is done; the shop's other contacts are said where it has written any."""

    def say(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the sentence in a language, with the time as people say it."""
        text = say(self.sentence, language, time=estimate.words(self.seconds, language))
        contacts = current(Greeting).contacts
        return (
            f"{text} {say('Связаться с нами можно и так: {contacts}', language, contacts=contacts)}"
            if contacts
            else text
        )


class TooManyConversations(AddressUsedUp):
    """One address opened as many conversations within an hour as it may; a person may still be called."""

    sentence = "С вашего адреса начато слишком много разговоров. Подождите {time} или позовите специалиста."


class TooManyCalls(AddressUsedUp):
    """From one address a person was called as often within an hour as may be."""

    sentence = "С вашего адреса слишком часто зовут специалиста. Подождите {time} и повторите."
