"""The Russian sentences in the code, and the English catalogue that answers them.

`make messages` (`python -m tests.house.catalogue`) adds what is missing to vink_chat/locales/en.po, with an empty
translation to fill in, and takes out what no code says any more.
"""

import ast
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "vink_chat"
ENGLISH = CODE / "locales" / "en.po"

SPEAKING_CALLS = {"say", "words", "t", "invalid"}
SPEAKING_KEYWORDS = {"title", "sentence"}
SPEAKING_ATTRIBUTES = {"sentence"}
# Classes whose defaults are sentences that visitors read.
SPEAKING_DEFAULTS = {"Notices", "Greeting", "Look", "Consent"}
# Module constants whose every value is a sentence.
SPEAKING_CONSTANTS = {
    "_SENTENCES",
    "_KINDS",
    "_OFFERING_KINDS",
    "_SORRY",
    "_WITH_QUESTIONS",
    "_ALONE",
    "_UNFINISHED",
    "REASONS",
    "OTHER_REASON",
}


def is_russian(text: object) -> bool:
    """Tell whether a literal holds Cyrillic letters."""
    return isinstance(text, str) and any("а" <= sign <= "я" or sign == "ё" for sign in text.lower())


class _Walker(ast.NodeVisitor):
    """Collects (sentence, line) from one module."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[tuple[str, int]] = []
        self._constants: dict[str, ast.expr] = {}
        self._classes: list[str] = []
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = getattr(node, "value", None)
            if isinstance(node, ast.Assign | ast.AnnAssign) and value is not None:
                self._constants |= {target.id: value for target in targets if isinstance(target, ast.Name)}
        for name in SPEAKING_CONSTANTS & self._constants.keys():
            self._take(self._constants[name])
        self.visit(tree)

    def _take(self, node: ast.expr, *, deep: int = 2) -> None:
        """Take the literals an expression can be: itself, or those of its parts, through constants by name."""
        if isinstance(node, ast.Constant) and is_russian(node.value):
            self.found.append((str(node.value), node.lineno))
        elif isinstance(node, ast.Name) and deep and node.id in self._constants:
            self._take(self._constants[node.id], deep=deep - 1)
        for part in _parts(node):
            self._take(part, deep=deep)

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in SPEAKING_CALLS and node.args:
            self._take(node.args[0])
        for keyword in node.keywords:
            shown = keyword.arg == "default" and set(self._classes) & SPEAKING_DEFAULTS
            if keyword.arg in SPEAKING_KEYWORDS or shown:
                self._take(keyword.value)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        for line in node.body:
            target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
            value = getattr(line, "value", None)
            if isinstance(target, ast.Name) and target.id in SPEAKING_ATTRIBUTES and value is not None:
                self._take(value)
        self.generic_visit(node)
        self._classes.pop()


def _parts(node: ast.expr) -> list[ast.expr]:
    """List what a choice, a table or a look into a table can give."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.Dict(values=values) | ast.Tuple(elts=values):
            return values
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="get")):
            return [table]
    return []


def sentences_of(source: str) -> list[tuple[str, int]]:
    """Return the sentences a module says, with their lines."""
    return _Walker(ast.parse(source)).found


def sentences() -> Iterator[tuple[str, str]]:
    """Yield every sentence of the code and the module that says it."""
    for path in sorted(CODE.rglob("*.py")):
        for text, _ in sentences_of(path.read_text(encoding="utf-8")):
            yield text, path.relative_to(ROOT).as_posix()


def english() -> Catalog:
    """Return the English catalogue, empty if there is none."""
    if not ENGLISH.exists():
        return Catalog(locale="en", charset="utf-8", project="vink_chat", fuzzy=False)
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def placeholders(text: str) -> set[str]:
    """Return the {names} in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def main() -> int:
    """Bring the English catalogue up to the code."""
    old, new = english(), Catalog(locale="en", charset="utf-8", project="vink_chat", fuzzy=False)
    # Else two who add sentences at the same time would always get in each other's way.
    new.creation_date = old.creation_date
    where: dict[str, set[str]] = {}
    for text, module in sentences():
        where.setdefault(text, set()).add(module)
    for text in sorted(where, key=lambda text: (min(where[text]), text)):
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(module, 0) for module in sorted(where[text])])
    missing = [text for text in where if not new[text].string]
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, new, width=120, include_lineno=False, omit_header=False)
    sys.stdout.write(f"{len(where)} sentences, {len(missing)} to translate: {ENGLISH.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
