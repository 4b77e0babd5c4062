"""Everything the program imports before it reads its settings; `tests/forked.py` forks it from here."""

import os
from importlib import import_module

from vink_chat import config
from vink_chat.__main__ import _REFLEX

os.environ.update(_REFLEX)
for _name in (
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "alembic.command",
    "vink_chat.bootstrap",
    "vink_chat.api.rest",
    "vink_chat.api.contract",
    "reflex.app",
    "vink_chat.web.build",
    "vink_chat.pages.visitor.state",
):
    import_module(_name)

assert not config.current.cache_info().currsize, "the settings of one program would be those of all"
