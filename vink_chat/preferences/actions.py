"""Read, change and save sections of the preferences."""

import logging
from uuid import UUID

from pydantic import ValidationError

from vink_chat.events import PreferencesChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.preferences import store
from vink_chat.preferences.errors import EditedMeanwhile, InvalidPreference
from vink_chat.preferences.model import Preference, S, Versioned
from vink_chat.preferences.sections.base import Section

log = logging.getLogger(__name__)


async def read(tx: Transaction, kind: type[S]) -> S:
    """Return a saved section, or its defaults."""
    return (await saved(tx, kind)).section


async def saved(tx: Transaction, kind: type[S]) -> Versioned[S]:
    """Return a section with its version, and when and by whom it was saved."""
    return parse_row(kind, await store.find(tx, kind.key))


async def save(
    tx: Transaction, section: Section, operator_id: UUID | None = None, expected_version: int | None = None
) -> int:
    """Save a section whole and return its new version.

    Args:
        tx: The open transaction.
        section: The section; validated again, because ``model_copy`` does not validate.
        operator_id: The administrator who saves it.
        expected_version: The version that was edited; None overwrites any version.

    Raises:
        InvalidPreference: A value is not acceptable.
        EditedMeanwhile: Another version was saved meanwhile.
    """
    kind = type(section)
    checked = validated(kind, **section.model_dump(warnings=False))
    row = Preference(
        key=kind.key, content=checked.model_dump_json(), version=0, updated_at=now(), updated_by=operator_id
    )
    version = await store.put(tx, row, expected_version)
    if version is None:
        raise EditedMeanwhile
    tx.emit(PreferencesChanged(kind.key))
    return version


def validated(kind: type[S], **values: object) -> S:
    """Build a section from the values of a form; missing fields get their defaults.

    Raises:
        InvalidPreference: A value is not acceptable; its sentence names the field.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InvalidPreference.of(kind, error) from None


def change(section: S, **changes: object) -> S:
    """Return a validated copy of a section with some fields changed.

    Raises:
        InvalidPreference: A value is not acceptable; its sentence names the field.
    """
    return validated(type(section), **{**section.model_dump(), **changes})


def parse_row(kind: type[S], row: Preference | None) -> Versioned[S]:
    """Parse a stored row; a missing or unreadable one counts as the defaults."""
    if row is None:
        return Versioned(kind())
    try:
        section = kind.model_validate_json(row.content)
    except ValidationError as error:
        log.warning("The saved preferences «%s» cannot be read; using the defaults: %s", kind.key, _locations(error))
        section = kind()
    return Versioned(section, row.version, row.updated_at, row.updated_by)


def _locations(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(str(part) for part in fault['loc'])} {fault['type']}" for fault in faults[:5])
