"""A message tells whether it is Markdown."""

from uuid import uuid4

import pytest

from vink_chat import conversations
from vink_chat.conversations import Author, Message


@pytest.mark.parametrize(
    ("author", "name", "note", "markdown"),
    [
        (Author.ASSISTANT, None, False, True),
        (Author.SYSTEM, None, False, True),
        (Author.SYSTEM, None, True, False),
        (Author.OPERATOR, "desk-1", False, False),
        (Author.OPERATOR, conversations.draft_name(7), False, True),
        # As stored by earlier versions.
        (Author.OPERATOR, "tg:draft:7", False, True),
        (Author.VISITOR, "tab-1", False, False),
        (Author.VISITOR, "tg:draft:7", False, False),
    ],
)
def test_what_the_assistant_and_the_chat_say_is_markdown_and_what_people_type_is_not(
    author: Author, name: str | None, note: bool, markdown: bool
):
    message = Message(
        conversation_id=uuid4(),
        visitor_id=uuid4(),
        position=1,
        author=author,
        text="**акрил**",
        client_id=name,
        note=note,
    )
    assert conversations.is_markdown(message) is markdown
