"""The assistant's jobs: queued, running, and failed with the reason and a retry button."""

from typing import Any

import reflex as rx

from vink_chat.components import button
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import frame
from vink_chat.pages.admin.frame_state import AdminFrame
from vink_chat.pages.admin.work_state import Job, WorkDesk
from vink_chat.pages.shared.panels import form_feedback, panel

t = AdminFrame.t


def work() -> rx.Component:
    """The page of the assistant's work."""
    return frame(
        "work",
        _list("running", WorkDesk.running),
        _list("queued", WorkDesk.queued),
        _list("failed", WorkDesk.failed),
        _list("broken", WorkDesk.broken),
        form_feedback(WorkDesk),
    )


def _list(name: str, jobs: Any) -> rx.Component:
    return panel(
        rx.fragment(t[f"work_{name}"], ": ", jobs.length()),
        rx.el.p(rx.cond(jobs.length() > 0, t[f"work_{name}_hint"], t["work_none"]), class_name=parts.SMALL),
        rx.el.ul(rx.foreach(jobs, _job), class_name="list-none m-0 p-0"),
        custom_attrs={"data-work": name},
    )


def _job(job: Job) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.a(job["text"], href=job["href"], class_name=parts.LINK + " break-words"),
            rx.el.p(job["about"], class_name=parts.SMALL),
            class_name="flex-1 min-w-0",
        ),
        rx.cond(job["can_retry"], button(t["retry"], on_click=WorkDesk.retry(job["id"]), classes="px-4 shrink-0")),
        class_name="flex items-start gap-3 py-2.5 border-t border-(--line)",
    )
