"""What the administrators' overview counts: how many conversations, who answered, how soon, how well."""

from vink_chat.conversations.overview.day import Day as Day
from vink_chat.conversations.overview.day import Present as Present
from vink_chat.conversations.overview.store import broken_promises as broken_promises
from vink_chat.conversations.overview.store import days as days
from vink_chat.conversations.overview.store import owed as owed
from vink_chat.conversations.overview.store import present as present
from vink_chat.conversations.overview.store import said_at as said_at
