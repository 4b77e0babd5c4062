"""Every SQL statement of the preferences room."""

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from vink_chat.kit.db import Transaction
from vink_chat.preferences.model import Preference


async def find(tx: Transaction, key: str) -> Preference | None:
    """Return one saved section."""
    return (await tx.session.exec(select(Preference).where(Preference.key == key))).one_or_none()


async def every(tx: Transaction) -> Sequence[Preference]:
    """Return all saved sections, at most one per kind."""
    return (await tx.session.exec(select(Preference).order_by(Preference.key).limit(100))).all()


async def put(tx: Transaction, row: Preference, expected_version: int | None) -> int | None:
    """Write a section and return its new version; None if the stored version is not the expected one.

    One statement, so of two concurrent saves only one succeeds.
    """
    values = row.model_dump(exclude={"version"})
    make = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    version = col(Preference.version)
    statement = (
        make(Preference)
        .values(**values, version=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={**values, "version": version + 1},
            where=None if expected_version is None else version == expected_version,
        )
        .returning(version)
    )
    return (await tx.session.exec(statement)).scalar_one_or_none()
