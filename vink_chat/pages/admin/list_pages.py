"""The pages that edit one list each: popular questions, and the canned replies of the desk."""

import reflex as rx

from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import AdminFrame, frame

t = AdminFrame.t


def questions() -> rx.Component:
    """The page of popular questions."""
    path = "popular_questions.groups"
    return frame(
        "questions",
        fields.page(
            fields.form(
                "popular_questions",
                t[path],
                rx.el.p(t["questions_hint"], class_name=parts.SMALL),
                fields.rows(
                    path,
                    t["add_group"],
                    lambda row: [
                        fields.row_text(row, path, "title"),
                        fields.row_area(row, path, "questions", rows=5),
                    ],
                ),
            )
        ),
    )


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
