"""The desk's dialogs; commands open them (``commands.js``)."""

from typing import Any

import reflex as rx

_LIBRARY = "$/vink_chat/pages/desk/dialogs.jsx"


class CommandDialog(rx.el.Dialog):
    """A dialog that the command of its ``name`` opens; a form with the method «dialog» closes it."""

    library = _LIBRARY
    tag = "CommandDialog"
    name: rx.Var[str]


class TransferDialog(rx.el.Dialog):
    """Hands on the conversation that was open when the command ``transfer`` came.

    Attributes:
        visitor: Whose conversation it is.
        refused: Whether a refusal is on the screen: what was written is then kept for its conversation.
        form_class: How the form looks.
        on_transfer: Called with the conversation and what the form holds.
    """

    library = _LIBRARY
    tag = "TransferDialog"
    conversation_id: rx.Var[str]
    visitor: rx.Var[str]
    heading: rx.Var[str]
    refused: rx.Var[bool]
    form_class: rx.Var[str]
    on_transfer: rx.EventHandler[rx.event.passthrough_event_spec(str, dict[str, Any])]
