"""What can be called: every event handler of every State, and every page, as the running application has them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from tests.program import environment
from tests.schema import ROOT

_ASK = """
import inspect, json
from vink_chat.vink_chat import app
from vink_chat.pages.staff.signed_in import SignedIn
from reflex_base.registry import RegistrationContext
found = [
    {
        "name": name,
        "arguments": list(inspect.signature(one.handler.fn).parameters)[1:],
        "module": one.states[-1].__module__ if one.states else "",
        "staff": any("SignedIn" in base.__name__ for state in one.states for base in state.__mro__),
    }
    for name, one in RegistrationContext.get().event_handlers.items()
]
print(json.dumps({"handlers": found, "pages": list(app._unevaluated_pages)}))
"""


@dataclass(frozen=True)
class Handler:
    """One event handler.

    Attributes:
        staff: Whether only those who signed in may use it.
    """

    name: str
    arguments: tuple[str, ...]
    module: str
    staff: bool

    @property
    def state(self) -> str:
        """The full name of its State."""
        return self.name.rsplit(".", 1)[0]

    @property
    def verb(self) -> str:
        """Its own name."""
        return self.name.rsplit(".", 1)[1]

    @property
    def admin(self) -> bool:
        """Whether only administrators may use it."""
        return self.module.startswith("vink_chat.pages.admin")

    @property
    def closed(self) -> bool:
        """Whether the door passes it over for everybody: no browser has to call it."""
        return self.verb in {"setvar", "watch", "handle_frontend_exception", "enter"}


@cache
def collect() -> tuple[list[Handler], list[str]]:
    """Ask the application, once, for its handlers and its pages."""
    command = [sys.executable, "-c", _ASK]
    done = subprocess.run(command, cwd=ROOT, env=environment({}), check=True, capture_output=True, text=True)  # noqa: S603
    told = json.loads(done.stdout.splitlines()[-1])
    handlers = [Handler(**{**one, "arguments": tuple(one["arguments"])}) for one in told["handlers"]]
    return handlers, [f"/{page.removeprefix('index')}" for page in told["pages"]]
