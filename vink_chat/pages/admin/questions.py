"""Popular questions: groups and their order."""

import reflex as rx

from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import frame
from vink_chat.pages.admin.frame_state import AdminFrame

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
