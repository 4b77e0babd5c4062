import asyncio
import time
import unicodedata
from collections import Counter
from dataclasses import fields
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import select

from tests.operators.conftest import PASSWORD, hire, sign_in
from vink_chat import operators
from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.kit.errors import Forbidden, NotFound, VinkError
from vink_chat.operators import (
    CommonPassword,
    InvalidCredentials,
    InvalidPassword,
    Role,
    SignedIn,
    SignInLimiter,
    TooManyAttempts,
    WrongPassword,
)
from vink_chat.operators.model import Session


async def recognised(database: Database, token: object) -> SignedIn | None:
    return await operators.recognise(database.reading, database.transaction, token)


async def test_who_signs_in_is_recognised_until_they_sign_out(any_database: Database):
    anna = await hire(any_database, "anna")

    token = await sign_in(any_database, "ANNA ", user_agent="Firefox\x00" * 100, address="203.0.113.7")
    asking = await recognised(any_database, token)

    assert asking is not None
    assert (asking.id, asking.name, asking.role, asking.touch_due) == (anna.id, "Anna", Role.OPERATOR, False)
    async with any_database.reading() as tx:
        [session] = await operators.sessions(tx, anna.id)
    assert (session.id, session.address) == (asking.session_id, "203.0.113.7")
    assert session.user_agent.startswith("FirefoxFirefox")

    async with any_database.transaction() as tx:
        await operators.sign_out(tx, token)
        await operators.sign_out(tx, token)
    assert await recognised(any_database, token) is None


async def test_only_the_hash_of_a_token_is_kept_and_no_view_carries_a_hash(database: Database):
    anna = await hire(database, "anna")
    token = await sign_in(database, "anna")

    async with database.reading() as tx:
        row = (await tx.session.exec(select(Session))).one()
        [view] = await operators.sessions(tx, anna.id)

    assert token not in repr(row)
    assert len(token) >= 43
    for shown in (anna, view, await recognised(database, token)):
        assert not [field.name for field in fields(shown) if "hash" in field.name or "token" in field.name]
        assert "argon2" not in repr(shown)


NO_TOKENS = (None, "", 5, {}, [], b"bytes", "x", "ы" * 43, "x" * 100_000, "\ud800", "' OR 1=1 --", uuid4())


async def test_nobody_is_recognised_by_a_token_that_is_none(database: Database):
    await hire(database, "anna")
    real = await sign_in(database, "anna")

    for token in NO_TOKENS:
        assert await recognised(database, token) is None
        async with database.transaction() as tx:
            await operators.sign_out(tx, token)
    assert await recognised(database, real)


NO_CREDENTIALS = (
    ("anna", "не тот пароль"),
    ("anna", ""),
    ("anna", None),
    ("anna", 5),
    ("anna", "x" * 1_000_000),
    ("anna", "\ud800" * 9),
    ("anna", PASSWORD + "\x00"),
    ("nobody", PASSWORD),
    ("", PASSWORD),
    (None, PASSWORD),
    ({"$ne": ""}, PASSWORD),
    ("anna\x00", PASSWORD),
    ("\ud800", PASSWORD),
    ("a" * 1_000_000, PASSWORD),
)


async def test_whatever_is_wrong_the_sentence_is_the_same(database: Database):
    await hire(database, "anna")

    for login, password in NO_CREDENTIALS:
        with pytest.raises(InvalidCredentials, match="Неверный логин или пароль"):
            await sign_in(database, login, password)


@pytest.mark.usefixtures("costly_passwords")
@pytest.mark.long
async def test_an_unknown_login_takes_as_long_as_a_wrong_password(database: Database):
    await hire(database, "anna")
    await hire(database, "gone")
    async with database.transaction() as tx:
        [gone] = [one for one in await operators.operators(tx) if one.login == "gone"]
        await operators.disable(tx, gone.id)

    async def fastest(login: str) -> float:
        # The processor's time: what a visitor could measure, without what else this machine does meanwhile.
        spent: list[float] = []
        for _ in range(3):
            start = time.process_time()
            with pytest.raises(InvalidCredentials):
                await sign_in(database, login, "не тот пароль")
            spent.append(time.process_time() - start)
        return min(spent)

    known = await fastest("anna")
    for login in ("nobody", "gone", "no such login!"):
        assert await fastest(login) > known / 2


async def test_the_same_password_typed_on_another_keyboard_fits(database: Database):
    await hire(database, "anna")
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD

    assert await sign_in(database, "anna", decomposed)


async def test_an_account_is_guarded_against_guessing_from_many_addresses(database: Database):
    await hire(database, "anna")
    limiter = SignInLimiter()

    async def attempt(address: str, password: str) -> str:
        return await operators.sign_in(database.transaction, "Anna", password, address=address, limiter=limiter)

    with time_machine.travel(now(), tick=True) as clock:
        for number in range(90):
            await limiter.attempt("anna", f"192.0.2.{number}")
        outcomes = await asyncio.gather(
            *(attempt(f"203.0.113.{n}", "не тот пароль") for n in range(14)), return_exceptions=True
        )
        assert Counter(type(one).__name__ for one in outcomes) == {"InvalidCredentials": 10, "TooManyAttempts": 4}
        with pytest.raises(TooManyAttempts, match=r"через [1-5] мин"):
            await attempt("198.51.100.1", PASSWORD)

        clock.shift(timedelta(minutes=5, seconds=1))
        assert await attempt("198.51.100.1", PASSWORD)


async def test_nobody_can_keep_another_out_from_one_place(database: Database):
    await hire(database, "anna")
    limiter = SignInLimiter()
    for _ in range(10):
        await limiter.attempt("anna", "203.0.113.7")

    with pytest.raises(TooManyAttempts):
        await limiter.attempt("Anna", "203.0.113.7")
    assert await operators.sign_in(database.transaction, "anna", PASSWORD, address="198.51.100.1", limiter=limiter)


async def test_an_address_is_stopped_whatever_logins_it_tries():
    limiter = SignInLimiter()

    for number in range(60):
        await limiter.attempt(f"login{number}", f"2001:db8::{number:x}")

    with pytest.raises(TooManyAttempts):
        await limiter.attempt("another", "2001:db8::ffff")
    await limiter.attempt("another", "2001:db8:0:1::1")


async def test_who_comes_in_is_not_counted_against(database: Database):
    await hire(database, "anna")
    limiter = SignInLimiter()

    for _ in range(2):
        for _ in range(9):
            await limiter.attempt("Anna", "203.0.113.7")
        await operators.sign_in(database.transaction, "anna", PASSWORD, address="203.0.113.7", limiter=limiter)


async def test_a_session_ends_after_twelve_idle_hours(database: Database):
    with time_machine.travel(now(), tick=False) as clock:
        await hire(database, "anna")
        token = await sign_in(database, "anna")

        for _ in range(3):
            clock.shift(timedelta(hours=11, minutes=59))
            assert await recognised(database, token)
        clock.shift(timedelta(hours=12))

        assert await recognised(database, token) is None


async def test_a_session_ends_after_fourteen_days_however_busy(database: Database):
    with time_machine.travel(now(), tick=False) as clock:
        await hire(database, "anna")
        token = await sign_in(database, "anna")

        for _ in range(33):
            clock.shift(timedelta(hours=10))
            assert await recognised(database, token)
        clock.shift(timedelta(hours=6))

        assert await recognised(database, token) is None


async def test_last_seen_moves_once_a_minute(database: Database):
    async def seen() -> timedelta:
        async with database.reading() as tx:
            return (await operators.sessions(tx, anna.id))[0].seen_at - start

    with time_machine.travel(now(), tick=False) as clock:
        start = now()
        anna = await hire(database, "anna")
        token = await sign_in(database, "anna")

        clock.shift(timedelta(seconds=59))
        await recognised(database, token)
        assert await seen() == timedelta(0)

        clock.shift(timedelta(seconds=1))
        await asyncio.gather(*(recognised(database, token) for _ in range(5)))
        assert await seen() == timedelta(seconds=60)


async def test_one_ends_ones_own_sessions_and_nobody_elses(database: Database, heard: list[object]):
    anna, boris = await hire(database, "anna"), await hire(database, "boris")
    phone, desk = await sign_in(database, "anna"), await sign_in(database, "anna")
    other = await sign_in(database, "boris")
    on_phone, at_desk = await recognised(database, phone), await recognised(database, desk)
    assert on_phone
    assert at_desk
    heard.clear()

    for session_id, operator_id in ((on_phone.session_id, boris.id), (uuid4(), anna.id), ("x", anna.id), (None, {})):
        with pytest.raises(NotFound):
            async with database.transaction() as tx:
                await operators.revoke(tx, session_id, operator_id)
    assert heard == []

    async with database.transaction() as tx:
        await operators.revoke(tx, on_phone.session_id, anna.id)
    assert heard == [OperatorsChanged(anna.id)]
    assert await recognised(database, phone) is None
    assert await recognised(database, desk)

    third = await sign_in(database, "anna")
    async with database.transaction() as tx:
        assert await operators.revoke_all(tx, anna.id, but=at_desk.session_id) == 1
    assert await recognised(database, third) is None
    assert await recognised(database, desk)
    assert await recognised(database, other)


async def test_a_changed_password_ends_the_other_sessions(database: Database):
    await hire(database, "anna")
    here, elsewhere = await sign_in(database, "anna"), await sign_in(database, "anna")
    asking = await recognised(database, here)
    assert asking

    for old, new, refusal in (
        ("не тот пароль", "новый пароль", WrongPassword),
        (PASSWORD, "короче", InvalidPassword),
    ):
        with pytest.raises(refusal):
            await operators.change_password(database.transaction, asking, old, new, limiter=SignInLimiter())
    await operators.change_password(database.transaction, asking, PASSWORD, "новый пароль", limiter=SignInLimiter())

    assert await recognised(database, here)
    assert await recognised(database, elsewhere) is None
    with pytest.raises(InvalidCredentials):
        await sign_in(database, "anna")
    assert await sign_in(database, "anna", "новый пароль")


async def test_a_new_password_is_judged_only_so_often_as_the_old_one_may_be_tried(database: Database):
    await hire(database, "anna")
    asking = await recognised(database, await sign_in(database, "anna"))
    assert asking
    limiter = SignInLimiter()

    async def attempt(old: str) -> type[Exception]:
        with pytest.raises(VinkError) as refused:
            await operators.change_password(database.transaction, asking, old, "password", limiter=limiter)
        return refused.type

    assert await attempt("не тот пароль") is WrongPassword
    assert {await attempt(PASSWORD) for _ in range(9)} == {CommonPassword}
    assert await attempt(PASSWORD) is TooManyAttempts


async def test_only_administrators_pass_where_one_is_needed(database: Database):
    await hire(database, "anna")
    await hire(database, "boss", Role.ADMIN)

    anna = await recognised(database, await sign_in(database, "anna"))
    boss = await recognised(database, await sign_in(database, "boss"))

    assert anna
    assert boss
    with pytest.raises(Forbidden):
        anna.require_admin()
    boss.require_admin()


async def test_sessions_that_ended_long_ago_are_forgotten(database: Database):
    with time_machine.travel(now(), tick=False) as clock:
        anna = await hire(database, "anna")
        await sign_in(database, "anna")
        async with database.transaction() as tx:
            await operators.invite(tx, "Борис")
        clock.shift(timedelta(days=43))
        recent = await sign_in(database, "anna")

        async with database.transaction() as tx:
            assert await operators.forget_old(tx) == 1  # the invitation
        clock.shift(timedelta(days=2))
        async with database.transaction() as tx:
            assert await operators.forget_old(tx) == 1  # the first session

        async with database.reading() as tx:
            rows = (await tx.session.exec(select(Session))).all()
        assert [row.operator_id for row in rows] == [anna.id]
        assert recent


async def test_only_the_right_password_is_told_that_its_account_is_switched_off(any_database: Database):
    anna = await hire(any_database, "anna")
    async with any_database.transaction() as tx:
        await operators.disable(tx, anna.id)

    with pytest.raises(operators.OwnAccountDisabled):
        await sign_in(any_database, "anna")
    with pytest.raises(InvalidCredentials):
        await operators.sign_in(any_database.transaction, "anna", f"{PASSWORD}-not")


async def _ending(database: Database, token: object) -> type[VinkError] | None:
    async with database.reading() as tx:
        ended = await operators.why_ended(tx, token)
    return type(ended) if ended else None


async def test_who_holds_an_ended_session_is_told_how_it_ended(any_database: Database):
    with time_machine.travel(now(), tick=False) as clock:
        anna = await hire(any_database, "anna")
        idle = await sign_in(any_database, "anna")
        clock.shift(timedelta(hours=12))
        revoked, open_still = await sign_in(any_database, "anna"), await sign_in(any_database, "anna")
        asking = await recognised(any_database, revoked)
        assert asking
        async with any_database.transaction() as tx:
            await operators.revoke(tx, asking.session_id, anna.id)

        assert await _ending(any_database, idle) is operators.SessionExpired
        assert await _ending(any_database, revoked) is operators.SessionEnded
        assert await _ending(any_database, open_still) is None

        async with any_database.transaction() as tx:
            await operators.disable(tx, anna.id)
        assert await _ending(any_database, open_still) is operators.OwnAccountDisabled
        async with any_database.transaction() as tx:
            await operators.enable(tx, anna.id)
        assert await _ending(any_database, open_still) is operators.SessionEnded


async def test_who_brings_no_session_is_told_of_none(database: Database):
    anna = await hire(database, "anna")
    async with database.transaction() as tx:
        await operators.disable(tx, anna.id)

    for token in ("", "anna", "0" * 43, "x" * 5000, None, 7):
        assert await _ending(database, token) is None
