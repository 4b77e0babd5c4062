"""What a page computes in the browser from a State's variables.

On a State's class an attribute is a Var, but type checkers see the value that instances have. These functions take and
return such values, so that views are checked by their keys and types; in truth all of them are Vars.
"""

from collections.abc import Container, Sized
from typing import Any, TypeVar, cast

import reflex as rx

Value = TypeVar("Value")


def value_of(var: rx.Var[Value]) -> Value:
    """Return a Var, such as an argument of a memoised component, typed as its value."""
    return cast("Value", var)


def length(values: Sized) -> int:
    """Return how many values a list, a dictionary or a text has."""
    return _var(values).length()


def contains(values: Container[Value], value: Value) -> bool:
    """Tell whether a list has a value, or a dictionary a key."""
    return _var(values).contains(value)


def negate(value: object) -> bool:
    """Return the opposite of a truth value."""
    return ~_var(value).bool()


def _var(value: object) -> Any:
    return rx.Var.create(value)
