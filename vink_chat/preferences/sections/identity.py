"""The secret by which a site signs the ids of its own users."""

import secrets
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints

from vink_chat.preferences.sections.base import Section


class Identity(Section):
    """Known to the server of the site and to us; browsers never see it, but an administrator's own page."""

    key: ClassVar[str] = "identity"

    secret: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_-]*$")] = Field(
        default="", title="Секрет подписи"
    )

    # On in what was saved before signatures had a time, and off in every installation that begins to sign now.
    timeless: bool = Field(default=True, title="Принимать подписи без времени")

    @classmethod
    def fresh(cls, *, timeless: bool = False) -> Self:
        """Return a section with a new secret of 256 bits; signatures made with an older one are no longer valid."""
        return cls(secret=secrets.token_urlsafe(32), timeless=timeless)
