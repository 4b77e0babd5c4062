"""What was refused of a form: said beside the field it is about, which then has the cursor."""

from typing import TypedDict

import reflex as rx

from vink_chat.kit.errors import VinkError
from vink_chat.pages.staff.signed_in import SignedIn


class Wrong(TypedDict):
    """Why what stands in a field was refused.

    Attributes:
        line: Of a list with one value a line, which one, from 1; 0 for the whole field.
    """

    sentence: str
    line: int


class RefusedFields(SignedIn, rx.State, mixin=True):
    """The refused fields of a page's forms, by name.

    Attributes:
        at_field: The last refusal stands beside its field, and needs no other place.
    """

    wrong: dict[str, Wrong] = {}
    at_field: bool = False

    def _refuse(self, refusal: VinkError):
        """Show a refusal, beside its field too when it is about one."""
        self.at_field = bool(refusal.field)
        if refusal.field:
            found = Wrong(sentence=refusal.say(self._language()), line=refusal.line)
            self.wrong = self.wrong | {refusal.field: found}
        return super()._refuse(refusal)

    def _unmark(self, start: str) -> None:
        """Forget what was refused of the fields whose names begin so."""
        self.wrong = {name: wrong for name, wrong in self.wrong.items() if not name.startswith(start)}
