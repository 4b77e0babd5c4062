"""A shop with secrets in it: each is a word that must not turn up where it does not belong."""

import hashlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import houses
from tests.makers import Colleague, Visitor
from vink_chat import knowledge, operators, preferences
from vink_chat.conversations import BlockedAddress, new_secret, visitors
from vink_chat.kit import db
from vink_chat.operators import Presence, Role

WORDS = "kanarejka"
_CALM = preferences.Limits(
    address_per_minute=100_000, visitor_per_minute=10_000, conversations_per_hour=100_000, calls_per_hour=100_000
)


@dataclass
class Planted:
    """What was put where.

    Attributes:
        ids: Existing ids by what they name: claims a stranger may make.
        cookies: Session tokens by whose they are.
        secrets: Texts nobody's browser may receive.
        foreign: Texts no stranger's browser may receive.
        admins: Texts only an administrator's browser may receive, and that of whom they are about.
        own: What of these is about whom.
    """

    folder: Path
    other: Visitor = field(default_factory=lambda: Visitor(new_secret()))
    ids: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=lambda: {"$argon2"})
    foreign: set[str] = field(default_factory=set)
    admins: set[str] = field(default_factory=set)
    own: dict[str, set[str]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.folder / "shop.db"


async def plant(folder: Path) -> Planted:
    """Fill a fresh database at ``shop.db``."""
    planted = Planted(folder)
    async with houses.running(f"sqlite:///{planted.path}") as house:
        await houses.prefer(_CALM)
        await houses.prefer(preferences.Assistant(), persona=f"Ты {WORDS}-persona")
        identity = preferences.Identity.with_new_secret()
        async with db.transaction() as tx:
            await preferences.save(tx, identity)
            # What is planted has no desk open, and is to stay as it is until it was walked over.
            await preferences.save(tx, preferences.validated(preferences.Handover, seconds_until_away=600))
        planted.admins |= {f"{WORDS}-persona", identity.secret}
        anna = await _people(planted)
        await _talks(planted, anna, house)
        await _knowledge(planted)
        await house.settle()
    return planted


async def _people(planted: Planted) -> Colleague:
    found: dict[str, Any] = {}
    for name in ("anna", "oleg", "fired", "gone"):
        login, password = f"{WORDS}-{name}", f"{WORDS}-password-{name}"
        if name == "anna":
            found[name] = await operators.first_admin(db.transaction, login, password)
        else:
            async with db.transaction() as tx:
                token = await operators.invite(tx, f"{WORDS} {name}", Role.OPERATOR)
            found[name] = await operators.accept(db.transaction, token, login, password)
        agent = f"{WORDS}-agent-{name}"
        async with db.transaction() as tx:
            await operators.rename(tx, found[name].id, f"{WORDS} {name}")
        cookie = await operators.sign_in(db.transaction, login, password, user_agent=agent)
        planted.cookies[name] = cookie
        planted.secrets |= {cookie, hashlib.sha256(cookie.encode()).hexdigest(), password}
        planted.own[name] = {login, agent}
        planted.admins |= planted.own[name]
        planted.ids[name] = str(found[name].id)
    async with db.transaction() as tx:
        await operators.set_presence(tx, found["anna"].id, Presence.HERE)
        planted.ids["session"] = str((await operators.sessions(tx, found["anna"].id))[0].id)
        await operators.disable(tx, found["fired"].id)
        await operators.sign_out(tx, planted.cookies["gone"])
        link = await operators.invite(tx, f"{WORDS} invited", Role.ADMIN)
    planted.secrets |= {link, hashlib.sha256(link.encode()).hexdigest()}
    planted.admins.add(f"{WORDS} invited")
    planted.foreign |= planted.admins | {f"{WORDS} {name}" for name in ("oleg", "fired", "gone")}
    return Colleague(found["anna"].id, f"{WORDS} anna")


async def _talks(planted: Planted, anna: Colleague, house: Any) -> None:
    for kind in ("attended", "waiting", "assisted", "closed"):
        victim = Visitor(new_secret())
        await victim.writes(f"{WORDS}-asked-{kind}")
        await house.settle()
        if kind != "assisted":
            await victim.presses_the_button()
        conversation = await victim.conversation()
        if kind in {"attended", "closed"}:
            await anna.claims(conversation.id)
            await anna.replies(conversation.id, f"{WORDS}-replied-{kind}")
        noted = await anna.replies(conversation.id, f"{WORDS}-noted-{kind}", note=True)
        planted.ids["message"] = noted.id.hex
        if kind == "closed":
            await anna.finishes(conversation.id)
        planted.ids[kind] = str(conversation.id)
        planted.ids[f"visitor-{kind}"] = str(victim.id)
        planted.secrets |= {victim.secret, hashlib.sha256(victim.secret.encode()).hexdigest()}
        planted.foreign |= {f"{WORDS}-{what}-{kind}" for what in ("asked", "replied", "noted")}
    planted.ids["blocked-address"] = "203.0.113.250"
    async with db.transaction() as tx:
        await visitors.block_address(
            tx, BlockedAddress(place=planted.ids["blocked-address"], blocked_by=f"{WORDS} anna")
        )
    planted.admins.add(planted.ids["blocked-address"])
    planted.foreign.add(planted.ids["blocked-address"])
    await planted.other.writes("Я другой посетитель")
    await house.settle()
    await planted.other.presses_the_button()
    own = await planted.other.conversation()
    await anna.replies(own.id, f"{WORDS}-noted-own", note=True)
    planted.ids["own"] = str(own.id)
    planted.foreign.add(f"{WORDS}-noted-own")


async def _knowledge(planted: Planted) -> None:
    async with db.transaction() as tx:
        article = await knowledge.add(tx, question=f"{WORDS}-article", answer=f"{WORDS}-article")
        await knowledge.switch(tx, article.id, False)
        planted.ids["article"] = str(article.id)
    planted.admins.add(f"{WORDS}-article")
    planted.foreign.add(f"{WORDS}-article")


def photograph(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Read every row of every table, by table and primary key."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("select name, sql from sqlite_master where type = 'table'").fetchall()
        for table, sql in ((row[0], row[1]) for row in tables):
            if table.startswith("sqlite_") or "VIRTUAL" in sql or "_terms_" in table:
                continue
            keys = [row["name"] for row in connection.execute(f"pragma table_info({table})") if row["pk"]]
            for row in map(dict, connection.execute(f"select * from {table}")):  # noqa: S608  its own names
                found[table, ",".join(str(row[key]) for key in keys or row)] = row
    connection.close()
    return found
