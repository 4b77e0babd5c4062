"""Access: rate limits, blocked addresses, and the secret that signs the user ids of the shop's site."""

import ipaddress
import secrets
from collections.abc import Iterable
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints

from vink_chat.preferences.sections.base import Section, invalid


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False)) if "/" in value else str(ipaddress.ip_address(value))
    except ValueError:
        raise invalid("напишите адрес, например 203.0.113.7 или 203.0.113.0/24") from None


Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_address)]


class Limits(Section):
    """How much a visitor or an address may write, and which addresses are blocked."""

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
        """Tell whether an IP address is blocked; anything else is not."""
        return bool(self.blocked_addresses) and _within(address, self.blocked_addresses)


def _within(address: str, networks: Iterable[str]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in ipaddress.ip_network(network) for network in networks)


class Identity(Section):
    """The secret shared with the shop's server; only administrators see it."""

    key: ClassVar[str] = "identity"

    secret: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_-]*$")] = Field(
        default="", title="Секрет подписи"
    )

    # Whether to accept signatures without a timestamp. On for secrets created before timestamps existed.
    timeless: bool = Field(default=True, title="Принимать подписи без времени")

    @classmethod
    def with_new_secret(cls, *, timeless: bool = False) -> Self:
        """Return a section with a new secret of 256 bits; signatures made with an older one are no longer valid."""
        return cls(secret=secrets.token_urlsafe(32), timeless=timeless)
