"""What folds away, or lies over the page for a while."""

import reflex as rx

from vink_chat.pages.desk.views import DeskMessageView

_LIBRARY = "$/vink_chat/pages/desk/folding.jsx"


class Menu(rx.el.Details):
    """A menu that goes by Escape, and by a press on a button of it or beside it."""

    library = _LIBRARY
    tag = "Menu"


class FoldingCard(rx.el.Details):
    """A card that folds by itself once: on a phone, and for the operator of the conversation who has answered.

    Attributes:
        mine: Whether the conversation is this operator's.
        history: Its messages; ``live`` are those that came since.
    """

    library = _LIBRARY
    tag = "FoldingCard"
    mine: rx.Var[bool]
    history: rx.Var[list[DeskMessageView]]
    live: rx.Var[list[DeskMessageView]]


class OverlayColumn(rx.el.Aside):
    """A column that lies over the page, on a narrow window, between the commands ``show name`` and ``hide name``.

    It has the attribute ``data-shown`` meanwhile; its first button hides it.
    """

    library = _LIBRARY
    tag = "OverlayColumn"
    name: rx.Var[str]
