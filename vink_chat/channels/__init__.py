"""Messengers in which operators answer visitors. Only the interface is imported here, no vendor's library."""

from vink_chat.channels.channel import Channel as Channel
from vink_chat.channels.channel import Health as Health
from vink_chat.channels.channel import Limits as Limits
from vink_chat.channels.channel import accepts_secret as accepts_secret
from vink_chat.channels.channel import bot_name as bot_name
from vink_chat.channels.channel import deliver as deliver
from vink_chat.channels.channel import health as health
from vink_chat.channels.channel import push_fault as push_fault
from vink_chat.channels.channel import start_link as start_link
from vink_chat.channels.channel import use as use
