"""Fields of the desk that know when what stands in them is meant."""

import reflex as rx

from vink_chat.pages.desk.views import Described


class SearchField(rx.el.Input):
    """Looks for words by Enter; emptied, by hand or by Escape, it looks for none.

    Attributes:
        form_class: How the form around it looks, which holds the children too.
    """

    library = "$/vink_chat/pages/desk/search_field.jsx"
    tag = "SearchField"
    form_class: rx.Var[str]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class CardInput(rx.el.Input):
    """A field of the visitor's card, saved when it is left or by Enter; what is not saved is never lost.

    Attributes:
        saved: What the server has.
        described: What came of the last field that was sent.
        on_describe: Called with the conversation it was drawn with, the field's name and the text.
    """

    library = "$/vink_chat/pages/desk/card_input.jsx"
    tag = "CardInput"
    conversation_id: rx.Var[str]
    saved: rx.Var[str]
    described: rx.Var[Described]
    on_describe: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]
