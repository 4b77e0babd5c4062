"""A form the browser itself posts, that keeps what was typed when the server sends people back with a problem."""

from typing import Any

import reflex as rx


class RememberedForm(rx.Component):
    """The form with its React part (``remembered_form.jsx``).

    Attributes:
        remembered: Names of the fields that are filled in again; never a password.
        next: Name of the field that is focused then.
    """

    library = "$/vink_chat/components/remembered_form.jsx"
    tag = "RememberedForm"
    action: rx.Var[str]
    remembered: rx.Var[list[str]]
    next: rx.Var[str]


def remembered_form(*children: Any, action: str, remembered: list[str], then: str, **props: Any) -> rx.Component:
    """A form posted to a route of ours; ``then`` names the field that people fill in again."""
    return RememberedForm.create(*children, action=action, remembered=remembered, next=then, **props)
