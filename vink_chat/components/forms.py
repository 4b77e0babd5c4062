"""A form that the browser itself sends. Reflex's own one always stops the browser and raises an event instead."""

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
