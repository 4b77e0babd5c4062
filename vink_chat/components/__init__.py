"""Generic UI components: buttons, fields, forms. No domain logic; colours are tokens of ``assets/look.css``."""

from vink_chat.components.controls import button as button
from vink_chat.components.controls import icon as icon
from vink_chat.components.controls import icon_button as icon_button
from vink_chat.components.fields import checkbox as checkbox
from vink_chat.components.fields import choice as choice
from vink_chat.components.fields import described as described
from vink_chat.components.fields import field as field
from vink_chat.components.fields import sentence as sentence
from vink_chat.components.fields import text_area as text_area
from vink_chat.components.forms import get_form as get_form
from vink_chat.components.forms import post_form as post_form
from vink_chat.components.forms import remembered_form as remembered_form
