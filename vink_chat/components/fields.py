"""Form fields with their labels, hints and refusals."""

from typing import Any, Final

import reflex as rx

BOX: Final = (
    "w-full rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 py-2.5 min-h-11.5 text-base "
    "placeholder:text-(--soft) aria-invalid:border-(--bad)"
)


def field(
    label: Any, name: Any, *, hint: Any = None, wrong: Any = None, element: Any = rx.el.input, **props: Any
) -> rx.Component:
    """A one-line field under its label; ``wrong`` says why its value was refused, or is empty."""
    box = element(name=name, class_name=BOX, **described(name, hint, wrong, props))
    return _labelled(label, box, name, hint, wrong)


def text_area(
    label: Any, name: Any, *, hint: Any = None, wrong: Any = None, rows: int = 4, **props: Any
) -> rx.Component:
    """A field of several lines under its label; ``wrong`` as above."""
    # As high as its text, if the browser supports that; otherwise, and at least, this many rows.
    props = {"style": {"minHeight": f"{rows * 1.5 + 1.375}rem"}, **props}
    looks = f"{BOX} field-sizing-content max-h-[70dvh]"
    box = rx.el.textarea(name=name, rows=str(rows), class_name=looks, **described(name, hint, wrong, props))
    return _labelled(label, box, name, hint, wrong)


def choice(label: Any, name: Any, options: Any, *, hint: Any = None, wrong: Any = None, **props: Any) -> rx.Component:
    """A choice of one; ``options`` are option elements, ``wrong`` as above."""
    box = rx.el.select(*options, name=name, class_name=BOX, **described(name, hint, wrong, props))
    return _labelled(label, box, name, hint, wrong)


def checkbox(label: Any, name: Any, *, wrong: Any = None, **props: Any) -> rx.Component:
    """A checkbox before its label; ``wrong`` as above."""
    box = rx.el.input(
        type="checkbox",
        name=name,
        class_name="size-5 shrink-0 accent-(--brand)",
        **described(name, None, wrong, props),
    )
    ticked = rx.el.label(
        box, rx.el.span(label), class_name="inline-flex items-center gap-2.5 min-h-11 cursor-pointer w-fit"
    )
    return ticked if wrong is None else rx.el.div(ticked, sentence(name, wrong), class_name="flex flex-col min-w-0")


def described(name: Any, hint: Any, wrong: Any, props: dict[str, Any]) -> dict[str, Any]:
    """Return a field's props with the attributes that tie its hint and its refusal to it."""
    attributes: dict[str, Any] = {}
    by: Any = rx.Var("undefined") if hint is None else f"{name}-hint"
    if wrong is not None:
        attributes["aria-invalid"] = rx.cond(wrong, "true", "false")
        by = rx.cond(wrong, f"{name}-wrong" + ("" if hint is None else f" {name}-hint"), by)
    if hint is not None or wrong is not None:
        attributes["aria-describedby"] = by
    return {**props, "custom_attrs": {**attributes, **props.get("custom_attrs", {})}}


def sentence(name: Any, wrong: Any) -> rx.Component:
    """The refusal under a field, if there is one."""
    return rx.cond(
        wrong,
        rx.el.p(
            wrong,
            id=f"{name}-wrong",
            custom_attrs={"data-wrong": ""},
            class_name="m-0 text-sm font-medium text-(--bad)",
        ),
    )


def _labelled(label: Any, box: rx.Component, name: Any, hint: Any, wrong: Any) -> rx.Component:
    labelled = rx.el.label(
        rx.el.span(label, class_name="text-sm font-medium"), box, class_name="flex flex-col gap-1.5 min-w-0"
    )
    below: list[rx.Component] = []
    if wrong is not None:
        below.append(sentence(name, wrong))
    if hint is not None:
        below.append(rx.el.p(hint, id=f"{name}-hint", class_name="m-0 text-sm text-(--soft)"))
    return rx.el.div(labelled, *below, class_name="flex flex-col gap-1.5 min-w-0") if below else labelled
