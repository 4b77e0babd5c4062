"""Forms that the browser itself submits; Reflex's own form always prevents that and sends an event instead."""

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
    """A form posted to one of the program's routes."""
    return NativeForm.create(*children, action=action, method="post", **props)


def get_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """A form whose fields become the address of a page."""
    return NativeForm.create(*children, action=action, method="get", **props)


class RememberedForm(rx.Component):
    """A form that restores its fields when the server sends the browser back with a refusal.

    Attributes:
        remembered: Names of the fields to restore; never a password.
        next: Name of the field that then gets the focus.
    """

    library = "$/vink_chat/components/remembered_form.jsx"
    tag = "RememberedForm"
    action: rx.Var[str]
    remembered: rx.Var[list[str]]
    next: rx.Var[str]


def remembered_form(*children: Any, action: str, remembered: list[str], then: str, **props: Any) -> rx.Component:
    """A form posted to one of the program's routes; ``then`` is the field that gets the focus after a refusal."""
    return RememberedForm.create(*children, action=action, remembered=remembered, next=then, **props)
