"""An admin form that asks before unsaved edits are lost, and focuses the field with an error."""

from typing import Any

import reflex as rx

from vink_chat.pages.admin.refused import Wrong


class GuardedForm(rx.Component):
    """The form with its React part (``guarded_form.jsx``).

    Attributes:
        guarded: Ask before unsaved edits are left.
        version: The saved version; a change means that the submitted values were saved.
        refusals: Incremented with each refusal on the page.
        refused: The refused fields of the page, by name.
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


def guarded_form(*children: Any, of: Any, guarded: bool = True, version: Any = 0, **props: Any) -> rx.Component:
    """A form; ``of`` is the State that holds the refused fields (``RefusedFields``)."""
    return GuardedForm.create(
        *children, guarded=guarded, version=version, refusals=of.refusal_number, refused=of.wrong, **props
    )


def unsaved_guard(question: Any) -> rx.Component:
    """The guard of a page's forms."""
    return UnsavedGuard.create(question=question)
