"""The State of all pages that edit preferences: assistant, handover, questions, look, canned replies, Telegram."""

import contextlib
import secrets
from typing import Any, Final

import reflex as rx

from vink_chat import preferences
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin import plans
from vink_chat.pages.admin.guarded_form import RefusedFields
from vink_chat.pages.admin.plans import Plan, Row
from vink_chat.pages.staff.signed_in import shows_refusals

_MAX_ROWS: Final = 300


class SectionForms(RefusedFields, rx.State):
    """The sections of a page, their fields and rows.

    Attributes:
        shown: Empty until the fields are read; then a new token each time, so that the form is mounted again.
        versions: The version of each section that the forms started with, or were saved as.
        _opened: The page read last, and the socket it was read for.
    """

    shown: str = ""
    fields: dict[str, str] = {}
    rows: list[Row] = []
    saved: str = ""
    versions: dict[str, int] = {}
    _opened: tuple[str, str] = ("", "")

    @rx.event
    async def open(self, page: str):
        """Read the sections of a page; after a lost connection the forms keep their unsaved edits."""
        before, self._opened = self._opened, (page, self.router.session.session_id)
        connected_again = before[0] == page and before != self._opened
        try:
            await self._admin()
            page_plans = plans.of_page(page)
        except VinkError as refusal:
            self.shown = ""
            return self._refuse(refusal)
        if self.shown and connected_again:
            return None
        self.saved, self.refusal, self.wrong = "", "", {}
        async with db.reading() as tx:
            sections = [(plan, await preferences.saved(tx, plan.kind)) for plan in page_plans]
        self.fields = {name: text for plan, saved in sections for name, text in plan.fields(saved.section).items()}
        self.rows = [row for plan, saved in sections for row in plan.pieces(saved.section)]
        # Keep the versions of the previous page: its form may still be submitted while this one is being shown.
        self.versions = self.versions | {plan.kind.key: saved.version for plan, saved in sections}
        self.shown = secrets.token_hex(4)
        return None

    @rx.event
    @shows_refusals
    async def save(self, form: dict[str, Any]):
        """Save one section, all of it or nothing."""
        self.saved = ""
        admin = await self._admin()
        plan = plans.of_section(form.get("section"))
        async with db.transaction() as tx:
            section = self._validated(plan, await preferences.read(tx, plan.kind), form)
            expected = self.versions.get(plan.kind.key, 0)
            version = await preferences.save(tx, section, admin.id, expected)
        self.versions[plan.kind.key] = version
        # Warnings at fields (such as «any site may show the chat») depend on the saved values.
        self.fields = self.fields | plan.fields(section)
        self.saved, self.refusal = say("Сохранено", self._language()), ""

    def _validated(self, plan: Plan, before: preferences.Section, form: dict[str, Any]) -> preferences.Section:
        self._unmark(f"{plan.kind.key}.")
        try:
            return preferences.change(before, **plan.values(form))
        except preferences.InvalidPreference as refusal:
            refusal.field, refusal.line = plan.field_at(refusal.path, form)
            raise

    @rx.event
    @shows_refusals
    async def add_row(self, section: str):
        """Append an empty row to a section's list."""
        await self._admin()
        plan = plans.of_section(section)
        if plan.rows and len(self.rows) < _MAX_ROWS:
            self.rows = [*self.rows, plan.row()]

    @rx.event
    @shows_refusals
    async def remove_row(self, key: str):
        """Remove a row; takes effect when the section is saved."""
        await self._admin()
        self.rows = [row for row in self.rows if row["key"] != key]

    @rx.event
    @shows_refusals
    async def move_row(self, key: str, step: int):
        """Move a row up (-1) or down (1)."""
        await self._admin()
        order = [row["key"] for row in self.rows]
        if key not in order or step not in {-1, 1}:
            return
        at = order.index(key)
        to = at + step
        if 0 <= to < len(order):
            rows = list(self.rows)
            rows[at], rows[to] = rows[to], rows[at]
            self.rows = rows

    @rx.event
    @shows_refusals
    async def preview(self, form: dict[str, Any]):
        """Preview an unsaved look; invalid values are ignored."""
        await self._admin()
        with contextlib.suppress(VinkError):
            look = preferences.validated(preferences.Look, **plans.LOOK.values(form))
            self.fields = self.fields | plans.LOOK.fields(look)
