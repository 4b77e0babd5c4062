"""The task queue and the scheduler: tasks carry only ids and may run twice without harm."""

from vink_chat.jobs.queue import Queue as Queue
from vink_chat.jobs.scheduler import Scheduler as Scheduler
