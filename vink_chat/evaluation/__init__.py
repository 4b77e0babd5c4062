"""How well a knowledge base answers: a list of questions with what each should end with, asked and counted."""

from vink_chat.evaluation.cases import BadCases as BadCases
from vink_chat.evaluation.cases import Case as Case
from vink_chat.evaluation.cases import Expected as Expected
from vink_chat.evaluation.cases import read as read
from vink_chat.evaluation.run import Answer as Answer
from vink_chat.evaluation.run import Outcome as Outcome
from vink_chat.evaluation.run import run as run
from vink_chat.evaluation.scores import Scores as Scores
from vink_chat.evaluation.scores import score as score
