"""An admin form that asks before unsaved edits are lost, and shows the refusal of a field at that field."""

from typing import Any, TypedDict

import reflex as rx

from vink_chat.kit.errors import VinkError
from vink_chat.pages.staff.signed_in import SignedIn


class Wrong(TypedDict):
    """Why the value of a field was refused.

    Attributes:
        line: The refused line of a field with one value per line, from 1; 0 for the whole field.
    """

    sentence: str
    line: int


class RefusedFields(SignedIn, rx.State, mixin=True):
    """The refused fields of a page's forms, by name.

    Attributes:
        at_field: Whether the last refusal is shown at its field, and so needs no toast.
    """

    wrong: dict[str, Wrong] = {}
    at_field: bool = False

    def _refuse(self, refusal: VinkError):
        """Show a refusal; at its field when it is about one."""
        self.at_field = bool(refusal.field)
        if refusal.field:
            error = Wrong(sentence=refusal.say(self._language()), line=refusal.line)
            self.wrong = self.wrong | {refusal.field: error}
        return super()._refuse(refusal)

    def _unmark(self, start: str) -> None:
        """Clear the refusals of the fields whose names start with this."""
        self.wrong = {name: wrong for name, wrong in self.wrong.items() if not name.startswith(start)}


class GuardedForm(rx.Component):
    """The form with its React part (``guarded_form.jsx``).

    Attributes:
        guarded: Ask before unsaved edits are left.
        version: The saved version; a change means that the submitted values were saved.
        refusals: Incremented with each refusal on the page.
        refused: The page's refused fields, by name.
    """

    library = "$/vink_chat/pages/admin/guarded_form.jsx"
    tag = "GuardedForm"
    guarded: rx.Var[bool]
    version: rx.Var[int]
    refusals: rx.Var[int]
    refused: rx.Var[dict[str, Wrong]]
    on_submit: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]


class UnsavedGuard(rx.Component):
    """Asks before a page with unsaved edits is left; one per page.

    Attributes:
        question: What is asked.
    """

    library = "$/vink_chat/pages/admin/guarded_form.jsx"
    tag = "UnsavedGuard"
    question: rx.Var[str]


def guarded_form(*children: Any, state: Any, guarded: bool = True, version: Any = 0, **props: Any) -> rx.Component:
    """A form; ``state`` is the State that holds the refused fields (``RefusedFields``)."""
    return GuardedForm.create(
        *children, guarded=guarded, version=version, refusals=state.refusal_number, refused=state.wrong, **props
    )


def unsaved_guard(question: Any) -> rx.Component:
    """The guard of a page's forms."""
    return UnsavedGuard.create(question=question)
