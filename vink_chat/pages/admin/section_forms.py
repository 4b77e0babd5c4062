"""The State of every page that edits the preferences: assistant, handover, popular questions, look, canned, Telegram."""

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

_MOST_ROWS: Final = 300


class SectionForms(RefusedFields, rx.State):
    """The sections a page shows, their fields and rows.

    Attributes:
        shown: Empty until the fields are read; another word each time, so that a form begins again.
        versions: Which version of each section the forms began with, or were saved as.
        _opened: The page that was read last, and the socket it was read for.
    """

    shown: str = ""
    fields: dict[str, str] = {}
    rows: list[Row] = []
    saved: str = ""
    versions: dict[str, int] = {}
    _opened: tuple[str, str] = ("", "")

    @rx.event
    async def open(self, page: str):
        """Read the sections of a page; a page whose line broke off keeps its forms, and what was typed into them."""
        before, self._opened = self._opened, (page, self.router.session.session_id)
        connected_again = before[0] == page and before != self._opened
        try:
            await self._admin()
            wanted = plans.of_page(page)
        except VinkError as refusal:
            self.shown = ""
            return self._refuse(refusal)
        if self.shown and connected_again:
            return None
        self.saved, self.refusal, self.wrong = "", "", {}
        async with db.reading() as tx:
            found = [(plan, await preferences.saved(tx, plan.kind)) for plan in wanted]
        self.fields = {name: text for plan, known in found for name, text in plan.fields(known.section).items()}
        self.rows = [row for plan, known in found for row in plan.pieces(known.section)]
        # Those of the page before stay: its form may be sent while this one is on its way to the screen.
        self.versions = self.versions | {plan.kind.key: known.version for plan, known in found}
        self.shown = secrets.token_hex(4)
        return None

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save one section whole, or nothing of it."""
        self.saved = ""
        try:
            asking = await self._admin()
            plan = plans.of_section(form.get("section"))
            async with db.transaction() as tx:
                section = self._judged(plan, await preferences.read(tx, plan.kind), form)
                expected = self.versions.get(plan.kind.key, 0)
                version = await preferences.save(tx, section, asking.id, expected)
        except VinkError as refusal:
            return self._refuse(refusal)
        self.versions[plan.kind.key] = version
        # What is said beside a field (that any site may show the chat) follows what is saved.
        self.fields = self.fields | plan.fields(section)
        self.saved, self.refusal = say("Сохранено", self._language()), ""
        return None

    def _judged(self, plan: Plan, before: preferences.Section, form: dict[str, Any]) -> preferences.Section:
        self._unmark(f"{plan.kind.key}.")
        try:
            return preferences.change(before, **plan.values(form))
        except preferences.InvalidPreference as refusal:
            refusal.field, refusal.line = plan.field_at(refusal.path, form)
            raise

    @rx.event
    async def add_row(self, section: str):
        """Put an empty row at the end of a section's list."""
        try:
            await self._admin()
            plan = plans.of_section(section)
        except VinkError as refusal:
            return self._refuse(refusal)
        if plan.rows and len(self.rows) < _MOST_ROWS:
            self.rows = [*self.rows, plan.row()]
        return None

    @rx.event
    async def remove_row(self, key: str):
        """Take a row out; it counts once the section is saved."""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.rows = [row for row in self.rows if row["key"] != key]
        return None

    @rx.event
    async def move_row(self, key: str, step: int):
        """Move a row up (-1) or down (1)."""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        order = [row["key"] for row in self.rows]
        if key not in order or step not in {-1, 1}:
            return None
        at = order.index(key)
        to = at + step
        if 0 <= to < len(order):
            rows = list(self.rows)
            rows[at], rows[to] = rows[to], rows[at]
            self.rows = rows
        return None

    @rx.event
    async def preview(self, form: dict[str, Any]):
        """Show a look before it is saved; what cannot be saved is not shown either."""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        with contextlib.suppress(VinkError):
            look = preferences.make(preferences.Look, **plans.LOOK.values(form))
            self.fields = self.fields | plans.LOOK.fields(look)
        return None
