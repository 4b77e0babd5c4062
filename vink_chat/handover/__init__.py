"""From the assistant to a person and back."""

from vink_chat.conversations import NotYours as NotYours
from vink_chat.handover.actions import claim as claim
from vink_chat.handover.actions import end as end
from vink_chat.handover.actions import finish as finish
from vink_chat.handover.actions import give_back as give_back
from vink_chat.handover.actions import held as held
from vink_chat.handover.actions import rate as rate
from vink_chat.handover.actions import release as release
from vink_chat.handover.actions import request as request
from vink_chat.handover.actions import transfer as transfer
from vink_chat.handover.contacts import leave_contacts as leave_contacts
from vink_chat.handover.contacts import wants_contacts as wants_contacts
from vink_chat.handover.errors import AlreadyTaken as AlreadyTaken
from vink_chat.handover.errors import BadContacts as BadContacts
from vink_chat.handover.errors import BadRating as BadRating
from vink_chat.handover.errors import NothingToHand as NothingToHand
from vink_chat.handover.patience import alert_again as alert_again
from vink_chat.handover.patience import close_silent as close_silent
from vink_chat.handover.patience import offer_form as offer_form
from vink_chat.handover.patience import silent as silent
from vink_chat.handover.patience import without_form as without_form
from vink_chat.handover.policy import has_calling_word as has_calling_word
from vink_chat.handover.policy import wants_person as wants_person
from vink_chat.handover.store import busy_operators as busy_operators
from vink_chat.handover.store import waiting as waiting
