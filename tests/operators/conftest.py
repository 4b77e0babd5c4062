from collections.abc import Iterator

import pytest

from tests import quick
from vink_chat import operators
from vink_chat.kit.db import Database
from vink_chat.operators import AccountStatus, OperatorView, Role, SignInLimiter, passwords
from vink_chat.operators.model import Operator

PASSWORD = "пароль-надёжный"


@pytest.fixture
def costly_passwords() -> Iterator[None]:
    """Hash passwords as in production, for a test of how long that takes."""
    quick.hash_as_in_production()
    yield
    quick.hash_cheaply()


async def hire(database: Database, login: str, role: Role = Role.OPERATOR) -> OperatorView:
    """Make an account as an accepted invitation leaves it."""
    row = Operator(
        login=login,
        login_key=login,
        name=login.title(),
        role=role,
        password_hash=await passwords.hashed(PASSWORD),
        status=AccountStatus.ACTIVE,
    )
    async with database.transaction() as tx:
        tx.session.add(row)
    return OperatorView.of(row, present=False)


async def sign_in(database: Database, login: str, password: str = PASSWORD, **more: str) -> str:
    return await operators.sign_in(database.transaction, login, password, limiter=SignInLimiter(), **more)


@pytest.fixture
def heard(database: Database) -> list[object]:
    """What was announced on `database`."""
    facts: list[object] = []
    database.listener = facts.extend
    return facts
