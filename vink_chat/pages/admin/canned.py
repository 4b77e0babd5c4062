"""Canned replies of the desk."""

import reflex as rx

from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import frame
from vink_chat.pages.admin.frame_state import AdminFrame

t = AdminFrame.t


def canned() -> rx.Component:
    """The page of canned replies."""
    path = "canned.replies"
    return frame(
        "canned",
        fields.page(
            fields.form(
                "canned",
                t[path],
                rx.el.p(t["canned_hint"], class_name=parts.SMALL),
                fields.rows(
                    path,
                    t["add_reply"],
                    lambda row: [
                        rx.el.div(
                            fields.row_text(row, path, "shortcut"),
                            fields.row_text(row, path, "title"),
                            class_name="grid sm:grid-cols-2 gap-3",
                        ),
                        fields.row_area(row, path, "text", rows=3),
                    ],
                ),
            )
        ),
    )
