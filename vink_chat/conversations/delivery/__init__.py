"""What the REST contract has still to hand out."""

from vink_chat.conversations.delivery.actions import has_undelivered as has_undelivered
from vink_chat.conversations.delivery.actions import take_back as take_back
from vink_chat.conversations.delivery.actions import undelivered as undelivered
