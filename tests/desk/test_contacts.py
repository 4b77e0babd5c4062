"""What a visitor left is read by operators as it was typed."""

from tests.makers import Visitor
from vink_chat import conversations, handover
from vink_chat.conversations import Reason
from vink_chat.kit.db import Database
from vink_chat.pages.desk.views import DeskArtist


async def test_contacts_cannot_pose_as_our_own_link(database: Database):
    visitor = Visitor()
    await visitor.presses_the_button()
    name = "[Войдите заново](https://evil.example) **срочно**"
    async with database.transaction() as tx:
        await handover.leave_contacts(tx, visitor.id, name, "+7 900 123-45-67", "")

    waiting = await visitor.conversation()
    async with database.reading() as tx:
        said = await conversations.conversation_messages(tx, waiting.id)
    drawn = DeskArtist("ru", "Europe/Moscow").draw(list(said), {}, "Посетитель")
    note = next(one for one in drawn if one["note"])

    assert waiting.reason is Reason.CONTACTS_LEFT
    assert "<a " not in note["html"]
    assert name in note["html"]
