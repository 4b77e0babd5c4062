"""Forms that the browser itself posts. Reflex's own one always stops the browser and raises an event instead."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class NativeForm(BaseHTML):
    """The ``form`` element without Reflex's handler."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]


def post_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """A form posted to a route of ours."""
    return NativeForm.create(*children, action=action, method="post", **props)


def get_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """A form whose fields become the address of a page."""
    return NativeForm.create(*children, action=action, method="get", **props)


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
