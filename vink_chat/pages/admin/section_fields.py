"""The fields of a section's form; each has the name that a refusal refers to."""

from typing import Any

import reflex as rx

from vink_chat.components import button, checkbox, choice, field, icon, icon_button, sentence, text_area
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame
from vink_chat.pages.admin.guarded_form import guarded_form
from vink_chat.pages.admin.section_forms import SectionForms
from vink_chat.pages.shared.panels import form_feedback, panel

t = AdminFrame.t
_VALUES = SectionForms.fields


def form(section: str, title: Any, *children: Any) -> rx.Component:
    """A form that saves one section."""
    return panel(
        title,
        guarded_form(
            rx.el.input(type="hidden", name="section", value=section, read_only=True),
            *children,
            parts.save_button(),
            state=SectionForms,
            version=SectionForms.versions[section],
            on_submit=SectionForms.save,
            key=f"{section}-" + SectionForms.shown,
            id=f"form-{section}",
            class_name="flex flex-col gap-4",
        ),
    )


def typed(section: str) -> rx.Var:
    """The values in a section's form at the moment of a click, saved or not."""
    form_data = f"Object.fromEntries(new FormData(document.getElementById('form-{section}')).entries())"
    return rx.Var(form_data, _var_type=dict[str, Any])


def page(*children: rx.Component, others: tuple[Any, ...] = ()) -> rx.Component:
    """The forms of a page once they are read, with the feedback of this State and of ``others``."""
    return rx.fragment(
        rx.cond(SectionForms.shown != "", rx.fragment(*children)),
        form_feedback(SectionForms, *others),
    )


def text(name: str, **props: Any) -> rx.Component:
    """A one-line field."""
    return field(t[name], name, default_value=_VALUES[name], wrong=wrong(name), **props)


def number(name: str, **props: Any) -> rx.Component:
    """A number; the verb checks its bounds."""
    return text(name, input_mode="decimal", **props)


def long_text(name: str, rows: int = 4, **props: Any) -> rx.Component:
    """A field of several lines."""
    return text_area(t[name], name, rows=rows, default_value=_VALUES[name], wrong=wrong(name), **props)


def lines(name: str, rows: int = 5, **props: Any) -> rx.Component:
    """A list with one value per line."""
    return long_text(name, rows=rows, hint=props.pop("hint", t["one_a_line"]), **props)


def side_by_side(*children: rx.Component) -> rx.Component:
    """Short fields in two columns, aligned even when a label wraps or a hint follows."""
    # The rows of the grid are those of a field: label, box, refusal, hint.
    rows = "sm:*:grid sm:*:grid-rows-subgrid sm:*:row-span-4 sm:[&>*>label]:contents sm:[&_label>span]:self-end"
    return rx.el.div(*children, class_name=f"grid sm:grid-cols-2 gap-x-4 gap-y-4 sm:gap-y-1.5 {rows}")


def flag(name: str, label: Any = None) -> rx.Component:
    """A checkbox for a yes or no."""
    return checkbox(t[name] if label is None else label, name, default_checked=_VALUES[name] == "on", wrong=wrong(name))


def one_of(name: str, options: list[tuple[str, Any]], **props: Any) -> rx.Component:
    """A choice of one."""
    items = [rx.el.option(label, value=value) for value, label in options]
    return choice(t[name], name, items, default_value=_VALUES[name], wrong=wrong(name), **props)


def row_text(row: Any, path: str, name: str, **props: Any) -> rx.Component:
    """A one-line field of a row."""
    full = f"{path}.{name}." + row["key"]
    return field(t[f"{path}.{name}"], full, default_value=row["values"][name], wrong=wrong(full), **props)


def row_area(row: Any, path: str, name: str, **props: Any) -> rx.Component:
    """A field of several lines of a row."""
    full = f"{path}.{name}." + row["key"]
    return text_area(t[f"{path}.{name}"], full, default_value=row["values"][name], wrong=wrong(full), **props)


def wrong(name: Any) -> Any:
    """Why the value of a field was refused, or nothing."""
    return SectionForms.wrong[name]["sentence"]


def rows(path: str, add: Any, draw: Any) -> rx.Component:
    """The rows of a section's list, with buttons that add, remove and move rows."""
    section = path.partition(".")[0]
    return rx.el.div(
        rx.el.ol(
            rx.foreach(SectionForms.rows, lambda row: _row(row, draw)),
            class_name="list-none m-0 p-0 flex flex-col gap-3",
        ),
        sentence(path, wrong(path)),
        rx.el.div(button(add, on_click=SectionForms.add_row(section))),
        tab_index=-1,
        class_name="flex flex-col gap-3",
        # Focused when the list as a whole is refused.
        id=path,
    )


def _row(row: Any, draw: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(*draw(row), class_name="flex-1 min-w-0 flex flex-col gap-3"),
        rx.el.div(
            icon_button(icon("up"), t["up"], on_click=SectionForms.move_row(row["key"], -1)),
            icon_button(icon("down"), t["down"], on_click=SectionForms.move_row(row["key"], 1)),
            icon_button(icon("close"), t["remove_row"], on_click=SectionForms.remove_row(row["key"])),
            class_name="flex sm:flex-col gap-1 shrink-0",
        ),
        key=row["key"],
        class_name="flex max-sm:flex-col gap-3 p-3 rounded-xl border border-(--line)",
    )
