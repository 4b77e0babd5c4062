import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from tests.operators.conftest import PASSWORD, hire, sign_in
from vink_chat import operators
from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.kit.errors import NotFound
from vink_chat.operators import (
    AccountDisabled,
    AccountStatus,
    AlreadyConfirmed,
    CommonPassword,
    InvalidCredentials,
    InvalidLogin,
    InvalidName,
    InvalidPassword,
    InvalidRole,
    LinkExpired,
    LoginTaken,
    OperatorView,
    PasswordIsLogin,
    Purpose,
    Role,
)


async def accept(database: Database, token: object, login: str = "anna", name: str = "") -> OperatorView:
    return await operators.accept(database.transaction, token, login, PASSWORD, name)


async def everybody(database: Database) -> list[OperatorView]:
    async with database.reading() as tx:
        return await operators.operators(tx)


async def test_the_settings_make_the_first_administrator_once(any_database: Database):
    begin = any_database.transaction

    made = await asyncio.gather(*(operators.first_admin(begin, "Boss", PASSWORD) for _ in range(3)))
    again = await operators.first_admin(begin, "boss", "другой пароль")

    [boss] = await everybody(any_database)
    assert (boss.login, boss.role, boss.status) == ("Boss", Role.ADMIN, AccountStatus.ACTIVE)
    assert [one for one in made if one] == [boss]
    assert again is None
    assert await sign_in(any_database, "boss")


async def test_the_first_administrators_link_works_once_and_only_while_there_is_none(any_database: Database):
    async with any_database.transaction() as tx:
        one = await operators.first_admin_link(tx)
        other = await operators.first_admin_link(tx)
        shown = await operators.preview_link(tx, one)
    assert (shown.purpose, shown.role, shown.login) == (Purpose.FIRST_ADMIN, Role.ADMIN, "")

    outcomes = await asyncio.gather(
        accept(any_database, one, "first"), accept(any_database, other, "second"), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LinkExpired", "OperatorView"]
    [boss] = await everybody(any_database)
    assert (boss.role, boss.can_sign_in) == (Role.ADMIN, True)
    async with any_database.transaction() as tx:
        assert await operators.first_admin_link(tx) is None


async def test_an_invited_person_chooses_login_and_password(database: Database, heard: list[object]):
    async with database.transaction() as tx:
        token = await operators.invite(tx, "  Анна   Ким ", Role.ADMIN)
    async with database.reading() as tx:
        shown = await operators.preview_link(tx, token)
    [waiting] = await everybody(database)
    assert (shown.purpose, shown.name, shown.role) == (Purpose.INVITE, "Анна Ким", Role.ADMIN)
    assert (waiting.status, waiting.login, waiting.can_sign_in) == (AccountStatus.PENDING, "", False)

    anna = await accept(database, token, "anna@vink.ru", name="Анна")

    assert (anna.id, anna.name, anna.login) == (waiting.id, "Анна", "anna@vink.ru")
    assert (anna.role, anna.status) == (Role.ADMIN, AccountStatus.ACTIVE)
    assert heard == [OperatorsChanged(anna.id)] * 2
    assert await sign_in(database, "Anna@VINK.ru")


async def test_of_two_who_use_one_invitation_one_gets_in(any_database: Database):
    async with any_database.transaction() as tx:
        token = await operators.invite(tx, "Анна", Role.OPERATOR)

    outcomes = await asyncio.gather(
        *(accept(any_database, token, f"login{number}") for number in range(4)), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LinkExpired"] * 3 + ["OperatorView"]
    [anna] = await everybody(any_database)
    [winner] = [outcome for outcome in outcomes if isinstance(outcome, OperatorView)]
    assert anna.login == winner.login


async def test_of_two_who_want_one_login_one_gets_it_and_the_others_link_still_works(any_database: Database):
    async with any_database.transaction() as tx:
        tokens = [await operators.invite(tx, name, Role.OPERATOR) for name in ("Анна", "Борис")]

    outcomes = await asyncio.gather(
        accept(any_database, tokens[0], "ЁЛКА"), accept(any_database, tokens[1], "ёлка"), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LoginTaken", "OperatorView"]
    loser = tokens[[isinstance(outcome, LoginTaken) for outcome in outcomes].index(True)]
    assert (await accept(any_database, loser, "сосна")).status is AccountStatus.ACTIVE


@pytest.mark.parametrize(
    ("purpose", "life"),
    [("invite", timedelta(days=7)), ("reset", timedelta(days=1)), ("first", timedelta(days=1))],
)
async def test_a_link_works_for_a_while_and_once(database: Database, purpose: str, life: timedelta):
    anna = await hire(database, "anna") if purpose == "reset" else None

    async def make() -> str | None:
        async with database.transaction() as tx:
            if anna:
                return await operators.reset_link(tx, anna.id)
            return await (operators.first_admin_link(tx) if purpose == "first" else operators.invite(tx, "Вера"))

    async def use(token: str | None) -> OperatorView:
        if anna:
            return await operators.reset_password(database.transaction, token, "новый пароль")
        return await accept(database, token, "vera")

    with time_machine.travel(now(), tick=False) as clock:
        late = await make()
        clock.shift(life)
        with pytest.raises(LinkExpired):
            await use(late)
        async with database.reading() as tx:
            with pytest.raises(LinkExpired):
                await operators.preview_link(tx, late)

        token = await make()
        clock.shift(life - timedelta(seconds=1))
        await use(token)
        with pytest.raises(LinkExpired):
            await use(token)


async def test_a_new_link_makes_the_earlier_one_useless(database: Database):
    anna = await hire(database, "anna")
    async with database.transaction() as tx:
        early_reset = await operators.reset_link(tx, anna.id)
        await operators.reset_link(tx, anna.id)
        early_invite = await operators.invite(tx, "Борис")
        [boris] = [one for one in await operators.operators(tx) if one.name == "Борис"]
        late_invite = await operators.invite_again(tx, boris.id)

    with pytest.raises(LinkExpired):
        await operators.reset_password(database.transaction, early_reset, "новый пароль")
    with pytest.raises(LinkExpired):
        await accept(database, early_invite, "boris")
    assert (await accept(database, late_invite, "boris")).id == boris.id


async def test_a_link_does_only_what_it_is_for(database: Database):
    anna = await hire(database, "anna")
    async with database.transaction() as tx:
        invitation = await operators.invite(tx, "Борис")
        reset = await operators.reset_link(tx, anna.id)
        telegram = await operators.telegram_link_token(tx, anna.id)

    for token in (reset, telegram):
        with pytest.raises(LinkExpired):
            await accept(database, token, "other")
    for token in (invitation, telegram):
        with pytest.raises(LinkExpired):
            await operators.reset_password(database.transaction, token, "новый пароль")
    for token in (invitation, reset):
        with pytest.raises(LinkExpired):
            async with database.transaction() as tx:
                await operators.link_telegram(tx, token, 5)


async def test_a_reset_password_ends_every_session(database: Database):
    anna = await hire(database, "anna")
    session = await sign_in(database, "anna")
    async with database.transaction() as tx:
        token = await operators.reset_link(tx, anna.id)
        assert (await operators.preview_link(tx, token)).login == "anna"

    with pytest.raises(InvalidPassword):
        await operators.reset_password(database.transaction, token, "1234567")
    await operators.reset_password(database.transaction, token, "новый пароль")

    async with database.reading() as tx:
        assert await operators.session_operator(tx, session) is None
    with pytest.raises(InvalidCredentials):
        await sign_in(database, "anna")
    assert await sign_in(database, "anna", "новый пароль")


async def test_a_disabled_account_is_opened_by_no_link(database: Database):
    anna = await hire(database, "anna")
    async with database.transaction() as tx:
        reset = await operators.reset_link(tx, anna.id)
        invitation = await operators.invite(tx, "Борис")
        [boris] = [one for one in await operators.operators(tx) if one.name == "Борис"]
        await operators.disable(tx, anna.id)
        await operators.disable(tx, boris.id)

    with pytest.raises(LinkExpired):
        await operators.reset_password(database.transaction, reset, "новый пароль")
    with pytest.raises(LinkExpired):
        await accept(database, invitation, "boris")
    for verb in (operators.reset_link, operators.invite_again, operators.telegram_link_token):
        with pytest.raises(AccountDisabled):
            async with database.transaction() as tx:
                await verb(tx, anna.id)


async def test_who_has_a_password_is_not_invited_again(database: Database):
    anna = await hire(database, "anna")

    with pytest.raises(AlreadyConfirmed):
        async with database.transaction() as tx:
            await operators.invite_again(tx, anna.id)
    with pytest.raises(NotFound):
        async with database.transaction() as tx:
            await operators.invite_again(tx, uuid4())


@pytest.mark.parametrize("token", [None, "", 5, {}, "x", "ы", "\ud800", "x" * 100_000, b"x"])
async def test_a_token_that_is_none_opens_nothing(database: Database, token: object):
    with pytest.raises(LinkExpired):
        await accept(database, token)
    with pytest.raises(LinkExpired):
        await operators.reset_password(database.transaction, token, PASSWORD)
    async with database.reading() as tx:
        with pytest.raises(LinkExpired):
            await operators.preview_link(tx, token)
    assert await everybody(database) == []


@pytest.mark.parametrize(
    ("login", "password", "name", "refusal"),
    [
        ("an", PASSWORD, "", InvalidLogin),
        ("a" * 65, PASSWORD, "", InvalidLogin),
        ("anna kim", PASSWORD, "", InvalidLogin),
        ("<script>", PASSWORD, "", InvalidLogin),
        ("anna\x00", PASSWORD, "", InvalidLogin),
        (5, PASSWORD, "", InvalidLogin),
        (None, PASSWORD, "", InvalidLogin),
        ({"a": 1}, PASSWORD, "", InvalidLogin),
        ("anna", "1234567", "", InvalidPassword),
        ("anna", "x" * 201, "", InvalidPassword),
        ("anna", None, "", InvalidPassword),
        ("anna", 12345678, "", InvalidPassword),
        ("anna", ["12345678"], "", InvalidPassword),
        ("anna", "\ud800" * 8, "", InvalidPassword),
        ("annaannaanna", "ANNAannaanna", "", PasswordIsLogin),
        ("anna", "12345678", "", CommonPassword),
        ("anna", "password", "", CommonPassword),
        ("anna", " " * 8, "", CommonPassword),
        ("anna", "\x00" * 8, "", CommonPassword),
        ("anna", "qwertyui", "", CommonPassword),
        ("anna", "йцукенгш", "", CommonPassword),
        ("anna", "Пароль123", "", CommonPassword),
        ("anna", "привет123", "", CommonPassword),
        ("anna", "gfhjkm123", "", CommonPassword),
        ("kowalewa", "Kowalewa1", "", CommonPassword),
        ("anna", "a" * 200, "", CommonPassword),
        ("anna", "ß" * 40, "", CommonPassword),
        ("anna", "p@$$w0rd!", "", CommonPassword),
        ("anna", PASSWORD, "x" * 81, InvalidName),
        ("anna", PASSWORD, "\x00", InvalidName),
        ("anna", PASSWORD, "\u202eannA", InvalidName),
        ("anna", PASSWORD, {"a": 1}, InvalidName),
    ],
)
async def test_wrong_wishes_are_refused_and_the_link_still_works(
    database: Database, login: str, password: str, name: str, refusal: type[Exception]
):
    async with database.transaction() as tx:
        token = await operators.invite(tx, "Анна")

    with pytest.raises(refusal):
        await operators.accept(database.transaction, token, login, password, name)

    async with database.reading() as tx:
        assert (await operators.preview_link(tx, token)).name == "Анна"


async def test_whoever_has_no_link_learns_nothing_of_what_a_password_must_be(database: Database):
    for login, password, name in (("anna", "password", ""), ("an", PASSWORD, ""), ("anna", PASSWORD, "\x00")):
        with pytest.raises(LinkExpired):
            await operators.accept(database.transaction, "no such link", login, password, name)
    with pytest.raises(LinkExpired):
        await operators.reset_password(database.transaction, "no such link", "password")


async def test_a_start_with_a_known_administrator_asks_nothing_of_the_password_in_the_settings(database: Database):
    await operators.first_admin(database.transaction, "boss", PASSWORD)

    assert await operators.first_admin(database.transaction, "boss", "12345678") is None
    with pytest.raises(CommonPassword):
        await operators.first_admin(database.transaction, "second", "12345678")


@pytest.mark.parametrize("name", ["", "  ", None, 5, [], "x" * 81, "a\x00b", "\ud800"])
async def test_nobody_is_invited_without_a_name(database: Database, name: str):
    with pytest.raises(InvalidName, match="Имя: от 1 до 80 знаков"):
        async with database.transaction() as tx:
            await operators.invite(tx, name)
    assert await everybody(database) == []


@pytest.mark.parametrize("role", ["", "owner", None, 5, {}, []])
async def test_nobody_is_invited_to_a_role_that_is_none(database: Database, role: Role):
    with pytest.raises(InvalidRole):
        async with database.transaction() as tx:
            await operators.invite(tx, "Анна", role)
