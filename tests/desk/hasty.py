"""The program, but its open desks ask who it is several times a second: nobody waits half a minute for a test."""

import os
import sys

from vink_chat.__main__ import _REFLEX, main

os.environ.update(_REFLEX)

from vink_chat.pages.staff import signed_in

# Before the desks are imported, which take it over.
signed_in.SESSION_RECHECK_SECONDS = 0.3  # pyright: ignore[reportAttributeAccessIssue]
# Pages that are to be built first would be left uncompiled; the program sets it again when it serves.
for name in _REFLEX:
    del os.environ[name]

if __name__ == "__main__":
    sys.exit(main())
