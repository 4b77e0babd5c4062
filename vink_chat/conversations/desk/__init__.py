"""What the desk reads of conversations: boxes of the queue, counters, a visitor's earlier conversations."""

from vink_chat.conversations.desk.boxes import Box as Box
from vink_chat.conversations.desk.boxes import Held as Held
from vink_chat.conversations.desk.boxes import Line as Line
from vink_chat.conversations.desk.boxes import Only as Only
from vink_chat.conversations.desk.boxes import Wanted as Wanted
from vink_chat.conversations.desk.store import counts as counts
from vink_chat.conversations.desk.store import earlier as earlier
from vink_chat.conversations.desk.store import held as held
from vink_chat.conversations.desk.store import last_calls as last_calls
from vink_chat.conversations.desk.store import looked_at as looked_at
from vink_chat.conversations.desk.store import lost as lost
from vink_chat.conversations.desk.store import offered as offered
from vink_chat.conversations.desk.store import page as page
from vink_chat.conversations.desk.store import running as running
from vink_chat.conversations.desk.visitors import card_of as card_of
from vink_chat.conversations.desk.visitors import correct as correct
from vink_chat.conversations.desk.visitors import describe as describe
from vink_chat.conversations.desk.visitors import visitor as visitor
from vink_chat.conversations.visitors.store import block_address as block_address
from vink_chat.conversations.visitors.store import block_of as block_of
from vink_chat.conversations.visitors.store import blocked_addresses as blocked_addresses
from vink_chat.conversations.visitors.store import blocked_visitors as blocked_visitors
from vink_chat.conversations.visitors.store import is_blocked as is_blocked
from vink_chat.conversations.visitors.store import newest_conversations as newest_conversations
from vink_chat.conversations.visitors.store import unblock_address as unblock_address
from vink_chat.conversations.visitors.store import unblock_addresses_of as unblock_addresses_of
