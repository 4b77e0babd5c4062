"""What an administrator reads of somebody's presence."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from vink_chat.operators import AccountStatus, OperatorView, Presence, Role
from vink_chat.operators.views import Sounds
from vink_chat.pages.admin.people_state import ViewContext, person

AT = datetime(2026, 3, 2, 5, 17, tzinfo=UTC)
OLEG = OperatorView(
    id=uuid4(),
    login="oleg",
    name="Олег",
    role=Role.OPERATOR,
    status=AccountStatus.ACTIVE,
    presence=Presence.HERE,
    presence_at=AT,
    present=True,
    lost_at=None,
    telegram_id=None,
    can_sign_in=True,
    language="ru",
    sounds=Sounds(),
    created_at=AT,
)


@pytest.mark.parametrize(
    ("view", "reads"),
    [
        (OLEG, "oleg · на месте"),
        (replace(OLEG, present=False), "oleg · нет на связи"),
        (replace(OLEG, present=False, presence=Presence.AWAY), "oleg · отошёл"),
        (
            replace(OLEG, present=False, presence=Presence.AWAY, lost_at=AT),
            "oleg · связь потеряна 2 мар., 08:17 (Москва)",
        ),
        (replace(OLEG, present=False, presence=Presence.OFF), "oleg · не на смене"),
    ],
)
def test_nobody_stands_there_as_here_who_cannot_answer(view: OperatorView, reads: str):
    assert person(view, ViewContext("ru", has_bot=False, viewer=uuid4()), held=0)["about"] == reads
