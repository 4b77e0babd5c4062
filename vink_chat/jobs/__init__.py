"""The door of the clock and the queue: tasks carry ids only and may run twice without harm."""

from vink_chat.jobs.queue import Queue as Queue
from vink_chat.jobs.scheduler import Scheduler as Scheduler
