"""How an operator gets about the desk: by keys, from row to row, and by the browser's Back."""

import reflex as rx


class Shortcuts(rx.Component):
    """The keys of the desk (``shortcuts.jsx``); they mean the open conversation."""

    library = "$/vink_chat/pages/desk/shortcuts.jsx"
    tag = "Shortcuts"
    conversation_id: rx.Var[str]


class RowList(rx.el.Ul):
    """A list of rows that the keys move through; each row is a button whose value is a conversation's id."""

    library = "$/vink_chat/pages/desk/row_list.jsx"
    tag = "RowList"


class DeskHistory(rx.Component):
    """Makes each opened conversation a step of the browser's history.

    Attributes:
        open_id: The conversation that is drawn as open, or empty.
        on_go: Called with the one that the browser's Back or Forward led to.
    """

    library = "$/vink_chat/pages/desk/desk_history.jsx"
    tag = "DeskHistory"
    open_id: rx.Var[str]
    on_go: rx.EventHandler[rx.event.passthrough_event_spec(str)]
