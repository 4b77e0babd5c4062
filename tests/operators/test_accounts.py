import asyncio
from uuid import uuid4

import pytest

from tests.makers import Colleague
from tests.operators.conftest import PASSWORD, hire, sign_in
from vink_chat import operators
from vink_chat.events import OperatorsChanged
from vink_chat.kit.db import Database
from vink_chat.kit.errors import NotFound
from vink_chat.operators import (
    AccountDisabled,
    AccountStatus,
    AlreadyConfirmed,
    CannotChangeOwnAccount,
    InvalidName,
    InvalidPresence,
    InvalidRole,
    LastAdmin,
    OperatorView,
    OwnAccountDisabled,
    Presence,
    Role,
)


async def look(database: Database, operator: OperatorView) -> OperatorView:
    async with database.reading() as tx:
        return await operators.operator(tx, operator.id)


async def test_a_disabled_operator_is_out_everywhere_at_once(any_database: Database):
    heard: list[object] = []
    any_database.listener = heard.extend
    anna = await hire(any_database, "anna")
    tokens = [await sign_in(any_database, "anna") for _ in range(2)]
    async with any_database.transaction() as tx:
        await operators.set_presence(tx, anna.id, Presence.HERE)
    heard.clear()

    async with any_database.transaction() as tx:
        await operators.disable(tx, anna.id)

    assert heard == [OperatorsChanged(anna.id)]
    async with any_database.reading() as tx:
        assert [await operators.session_operator(tx, token) for token in tokens] == [None, None]
        assert await operators.sessions(tx, anna.id) == []
        assert await operators.on_shift(tx) == []
    with pytest.raises(OwnAccountDisabled):
        await sign_in(any_database, "anna")

    async with any_database.transaction() as tx:
        await operators.enable(tx, anna.id)
    async with any_database.reading() as tx:
        assert [await operators.session_operator(tx, token) for token in tokens] == [None, None]
    assert await sign_in(any_database, "anna")
    assert (await look(any_database, anna)).presence is Presence.OFF


async def test_a_sign_in_that_overlaps_a_disabling_leaves_no_session(any_database: Database):
    anna = await hire(any_database, "anna")

    async def disable() -> None:
        async with any_database.transaction() as tx:
            await operators.disable(tx, anna.id)

    await asyncio.gather(*(sign_in(any_database, "anna") for _ in range(3)), disable(), return_exceptions=True)

    async with any_database.reading() as tx:
        assert await operators.sessions(tx, anna.id) == []


async def test_an_invitation_that_was_disabled_waits_again_when_enabled(database: Database):
    async with database.transaction() as tx:
        await operators.invite(tx, "Анна")
        [anna] = await operators.operators(tx)
        await operators.disable(tx, anna.id)
        await operators.enable(tx, anna.id)

    assert (await look(database, anna)).status is AccountStatus.PENDING


async def test_the_last_administrator_stays(database: Database):
    boss, anna = await hire(database, "boss", Role.ADMIN), await hire(database, "anna")
    async with database.transaction() as tx:
        # Neither an invitation nor somebody who only writes in Telegram could change the chat.
        await operators.invite(tx, "Вера", Role.ADMIN)
        gleb = await operators.pending_from_telegram(tx, 7, "Глеб")
        await operators.confirm(tx, gleb.id, Role.ADMIN)

    with pytest.raises(LastAdmin, match="Это последний администратор"):
        async with database.transaction() as tx:
            await operators.disable(tx, boss.id)
    with pytest.raises(LastAdmin):
        async with database.transaction() as tx:
            await operators.set_role(tx, boss.id, Role.OPERATOR)
    async with database.transaction() as tx:
        await operators.set_role(tx, boss.id, Role.ADMIN)
        await operators.set_role(tx, anna.id, Role.ADMIN)
        await operators.disable(tx, boss.id)

    assert (await look(database, anna)).role is Role.ADMIN
    with pytest.raises(LastAdmin):
        async with database.transaction() as tx:
            await operators.disable(tx, anna.id)


async def test_nobody_takes_their_own_rights_away(database: Database):
    boss = await hire(database, "boss", Role.ADMIN)
    await hire(database, "second", Role.ADMIN)

    for act in (
        lambda tx: operators.set_role(tx, boss.id, Role.OPERATOR, by=boss.id),
        lambda tx: operators.disable(tx, boss.id, by=boss.id),
    ):
        with pytest.raises(CannotChangeOwnAccount, match="попросите другого администратора"):
            async with database.transaction() as tx:
                await act(tx)

    seen = await look(database, boss)
    assert (seen.role, seen.status) == (Role.ADMIN, AccountStatus.ACTIVE)


async def test_administrators_who_strike_each_other_out_leave_one(any_database: Database):
    bosses = [await hire(any_database, f"boss{number}", Role.ADMIN) for number in range(3)]

    async def strike(number: int) -> None:
        async with any_database.transaction() as tx:
            if number % 2:
                await operators.disable(tx, bosses[number].id)
            else:
                await operators.set_role(tx, bosses[number].id, Role.OPERATOR)

    outcomes = await asyncio.gather(*(strike(number) for number in range(3)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastAdmin", "NoneType", "NoneType"]
    async with any_database.reading() as tx:
        left = [one for one in await operators.operators(tx) if one.role is Role.ADMIN]
    assert [one.status for one in left if one.status is AccountStatus.ACTIVE] == [AccountStatus.ACTIVE]


async def test_a_new_role_counts_in_the_sessions_that_run(database: Database):
    await hire(database, "boss", Role.ADMIN)
    second = await hire(database, "second", Role.ADMIN)
    token = await sign_in(database, "second")

    async with database.transaction() as tx:
        await operators.set_role(tx, second.id, Role.OPERATOR)

    async with database.reading() as tx:
        asking = await operators.session_operator(tx, token)
    assert asking
    assert not asking.is_admin


async def test_who_is_here_is_on_shift(database: Database, heard: list[object]):
    anna, boris = await hire(database, "anna"), await hire(database, "boris")
    for one in (anna, boris):
        await Colleague(one.id, one.name).opens_a_desk()
    heard.clear()

    async with database.transaction() as tx:
        await operators.set_presence(tx, anna.id, Presence.HERE)
        await operators.set_presence(tx, boris.id, Presence.AWAY)
    async with database.transaction() as tx:
        await operators.set_presence(tx, anna.id, Presence.HERE)

    assert heard == [OperatorsChanged(anna.id), OperatorsChanged(boris.id)]
    async with database.reading() as tx:
        assert [one.login for one in await operators.on_shift(tx)] == ["anna"]


async def test_who_is_not_active_is_never_on_shift(database: Database):
    async with database.transaction() as tx:
        waiting = await operators.pending_from_telegram(tx, 7, "Глеб")

    with pytest.raises(AccountDisabled):
        async with database.transaction() as tx:
            await operators.set_presence(tx, waiting.id, Presence.HERE)


async def test_an_operator_is_renamed_and_reads_another_language(database: Database):
    anna = await hire(database, "anna")

    async with database.transaction() as tx:
        await operators.rename(tx, anna.id, "Анна К.")
        await operators.set_language(tx, anna.id, "en")
    assert ((await look(database, anna)).name, (await look(database, anna)).language) == ("Анна К.", "en")

    async with database.transaction() as tx:
        await operators.set_language(tx, anna.id, "тлинганский")
    assert (await look(database, anna)).language == "ru"


async def test_an_invitation_can_be_withdrawn_but_not_a_colleague(database: Database):
    anna = await hire(database, "anna")
    async with database.transaction() as tx:
        token = await operators.invite(tx, "Борис")
        [boris] = [one for one in await operators.operators(tx) if one.name == "Борис"]

    async with database.transaction() as tx:
        await operators.dismiss(tx, boris.id)
    with pytest.raises(AlreadyConfirmed):
        async with database.transaction() as tx:
            await operators.dismiss(tx, anna.id)

    with pytest.raises(operators.LinkExpired):
        await operators.accept(database.transaction, token, "boris", PASSWORD)
    async with database.reading() as tx:
        assert await operators.operators(tx) == [anna]


@pytest.mark.parametrize("hostile", [uuid4(), "не id", None, 5, {}])
async def test_an_id_that_is_nobodys_is_not_found(database: Database, hostile: object):
    verbs = (
        lambda tx: operators.operator(tx, hostile),
        lambda tx: operators.disable(tx, hostile),
        lambda tx: operators.enable(tx, hostile),
        lambda tx: operators.set_role(tx, hostile, Role.ADMIN),
        lambda tx: operators.set_role(tx, hostile, Role.OPERATOR),
        lambda tx: operators.rename(tx, hostile, "Имя"),
        lambda tx: operators.set_presence(tx, hostile, Presence.HERE),
        lambda tx: operators.confirm(tx, hostile),
        lambda tx: operators.dismiss(tx, hostile),
        lambda tx: operators.reset_link(tx, hostile),
        lambda tx: operators.telegram_link_token(tx, hostile),
        lambda tx: operators.unlink_telegram(tx, hostile),
    )
    for verb in verbs:
        with pytest.raises(NotFound):
            async with database.transaction() as tx:
                await verb(tx)


@pytest.mark.parametrize("hostile", ["", "никто", None, 5, {}, []])
async def test_hostile_values_are_refused_with_sentences(database: Database, hostile: object):
    anna = await hire(database, "anna")

    async with database.transaction() as tx:
        with pytest.raises(InvalidRole, match="Такой роли нет"):
            await operators.set_role(tx, anna.id, hostile)
        with pytest.raises(InvalidRole):
            await operators.confirm(tx, anna.id, hostile)
        with pytest.raises(InvalidPresence, match="Выберите"):
            await operators.set_presence(tx, anna.id, hostile)
        if hostile != "никто":
            with pytest.raises(InvalidName):
                await operators.rename(tx, anna.id, hostile)

    assert await look(database, anna) == anna
