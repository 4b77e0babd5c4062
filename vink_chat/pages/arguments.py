"""Do these arguments fit a handler? Reflex takes its annotations for hints; here they are held."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, Final, get_origin

from reflex_base.registry import RegistrationContext

_KINDS: Final = (str, bool, int, float, dict, list)


def fit(name: str, payload: dict[str, Any]) -> bool:
    """Tell whether there is a handler of this name, and whether it takes these arguments of these kinds."""
    registered = RegistrationContext.get().event_handlers.get(name)
    if registered is None:
        return False
    signature, kinds = _taken(registered.handler.fn)
    try:
        signature.bind(None, **payload)
    except TypeError:
        return False
    return all(_is(payload[argument], kind) for argument, kind in kinds.items() if argument in payload)


def _is(value: object, kind: type) -> bool:
    # To Python a truth is a number; a handler that counts would be surprised.
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


@cache
def _taken(function: Callable[..., Any]) -> tuple[inspect.Signature, dict[str, type]]:
    signature = inspect.signature(function)
    named = {name: get_origin(one.annotation) or one.annotation for name, one in signature.parameters.items()}
    return signature, {name: kind for name, kind in named.items() if kind in _KINDS}
