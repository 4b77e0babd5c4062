"""The assistant: prompts, model providers, and the check of an answer before it is shown."""

from vink_chat.answering.answer import Answerer as Answerer
from vink_chat.answering.answer import ask_again as ask_again
from vink_chat.answering.errors import NoDraft as NoDraft
from vink_chat.answering.errors import NothingToRetry as NothingToRetry
from vink_chat.answering.errors import TooManyDrafts as TooManyDrafts
from vink_chat.answering.model import Ending as Ending
from vink_chat.answering.model import Run as Run
from vink_chat.answering.operator_assist import suggest as suggest
from vink_chat.answering.operator_assist import use as use
from vink_chat.answering.operator_assist import write_card as write_card
from vink_chat.answering.provider import Provider as Provider
from vink_chat.answering.providers import FallbackProvider as FallbackProvider
from vink_chat.answering.providers import from_settings as from_settings
from vink_chat.answering.providers.knowledge import QUOTED_FROM as QUOTED_FROM
from vink_chat.answering.smalltalk import is_small_talk as is_small_talk
from vink_chat.answering.store import failures as failures
from vink_chat.answering.store import runs as runs
from vink_chat.answering.stream import DRAFT_KIND as DRAFT_KIND
from vink_chat.answering.stream import RECHECK_RUN as RECHECK_RUN
from vink_chat.answering.stream import SLOW_KIND as SLOW_KIND
from vink_chat.answering.tryout import Trial as Trial
from vink_chat.answering.tryout import try_out as try_out
from vink_chat.answering.wording import MIN_SUGGESTION_SCORE as MIN_SUGGESTION_SCORE
