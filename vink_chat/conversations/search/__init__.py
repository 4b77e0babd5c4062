"""Finds messages, notes and visitors by their words."""

from vink_chat.conversations.search.actions import Hit as Hit
from vink_chat.conversations.search.actions import SearchResult as SearchResult
from vink_chat.conversations.search.actions import find as find
from vink_chat.conversations.search.actions import index_card as index_card
from vink_chat.conversations.search.actions import index_message as index_message
from vink_chat.conversations.search.actions import indexed as indexed
from vink_chat.conversations.search.indexing import index_old as index_old
from vink_chat.conversations.search.indexing import index_portion as index_portion
