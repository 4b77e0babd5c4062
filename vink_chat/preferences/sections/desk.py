"""What serves the desk: canned replies, limits for visitors, addresses that may not write."""

import ipaddress
from collections.abc import Iterable
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from vink_chat.preferences.sections.base import Line, Piece, Section, Text, wrong


class CannedReply(Piece):
    """A ready text an operator calls up by ``/shortcut``."""

    shortcut: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w-]{1,32}$")] = Field(
        title="Сокращение"
    )
    title: Line = Field(title="Название")
    text: Text = Field(title="Текст")


def _different(replies: tuple[CannedReply, ...]) -> tuple[CannedReply, ...]:
    if len({reply.shortcut for reply in replies}) < len(replies):
        raise wrong("сокращения не должны повторяться")
    return replies


def _canned(shortcut: str, title: str, text: str) -> CannedReply:
    return CannedReply(shortcut=shortcut, title=title, text=text)


class Canned(Section):
    """The canned replies of the desk."""

    key: ClassVar[str] = "canned"

    replies: Annotated[tuple[CannedReply, ...], Field(max_length=300), AfterValidator(_different)] = Field(
        default=(
            _canned("привет", "Приветствие", "Здравствуйте! Я специалист поддержки «Винк». Чем могу помочь?"),
            _canned("минуту", "Уточняю", "Одну минуту, уточню и вернусь с ответом."),
            _canned("заказ", "Номер заказа", "Подскажите, пожалуйста, номер заказа или счёта."),
            _canned("контакт", "Контакты", "Оставьте, пожалуйста, телефон или почту: пришлю подробности."),
            _canned("спасибо", "Прощание", "Спасибо за обращение! Если появятся вопросы, пишите."),
        ),
        title="Готовые ответы",
    )


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False)) if "/" in value else str(ipaddress.ip_address(value))
    except ValueError:
        raise wrong("напишите адрес, например 203.0.113.7 или 203.0.113.0/24") from None


Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_address)]


class Limits(Section):
    """How much one visitor, or one address, may write and open, and who may not write at all."""

    key: ClassVar[str] = "limits"

    visitor_per_minute: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=30, title="Сообщений в минуту от посетителя"
    )
    address_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=300, title="Сообщений в минуту с одного адреса"
    )
    conversations_per_hour: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=30, title="Новых разговоров в час с одного адреса"
    )
    calls_per_hour: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=20, title="Вызовов специалиста в час с одного адреса"
    )
    blocked_addresses: Annotated[tuple[Address, ...], Field(max_length=10_000)] = Field(
        default=(), title="Заблокированные адреса"
    )

    def blocks(self, address: str) -> bool:
        """Say whether an IP address may not write; what is no address is not blocked."""
        return bool(self.blocked_addresses) and _within(address, self.blocked_addresses)


def _within(address: str, networks: Iterable[str]) -> bool:
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in ipaddress.ip_network(network) for network in networks)
