"""What visitors agree to when they write: one line with a link to the shop's policy."""

import re
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from vink_chat.preferences.sections.base import ONE_LINE, PRINTABLE, Section, sized, wrong

_POLICY: Final = re.compile(r"(https?://[^\s\"'<>\\]+|/(?!/)[^\s\"'<>\\]*)?")


def _policy(value: str) -> str:
    if not _POLICY.fullmatch(value):
        raise wrong("напишите адрес страницы, который начинается с https:// или с /")
    return value


class Consent(Section):
    """The line about personal data; without the address of a policy nothing is shown and nothing kept."""

    key: ClassVar[str] = "consent"

    text: Annotated[str, sized(500, 1), PRINTABLE, ONE_LINE] = Field(
        default="Отправляя сообщение или контакты, вы соглашаетесь на обработку персональных данных.",
        title="Текст согласия",
    )
    policy_url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_policy)] = (
        Field(default="", title="Адрес политики (пусто — строка не показывается)")
    )
