"""What the assistant may rely on: articles and the search over them."""

from vink_chat.knowledge.actions import add as add
from vink_chat.knowledge.actions import article as article
from vink_chat.knowledge.actions import articles as articles
from vink_chat.knowledge.actions import count as count
from vink_chat.knowledge.actions import edit as edit
from vink_chat.knowledge.actions import questions as questions
from vink_chat.knowledge.actions import remove as remove
from vink_chat.knowledge.actions import switch as switch
from vink_chat.knowledge.errors import NoSuchArticle as NoSuchArticle
from vink_chat.knowledge.errors import NoSuchImport as NoSuchImport
from vink_chat.knowledge.imports import export_jsonl as export_jsonl
from vink_chat.knowledge.imports import import_jsonl as import_jsonl
from vink_chat.knowledge.imports import imports as imports
from vink_chat.knowledge.imports import load_demo as load_demo
from vink_chat.knowledge.imports import undo_import as undo_import
from vink_chat.knowledge.model import Article as Article
from vink_chat.knowledge.model import BadLine as BadLine
from vink_chat.knowledge.model import ImportReport as ImportReport
from vink_chat.knowledge.model import ImportView as ImportView
from vink_chat.knowledge.model import Passage as Passage
from vink_chat.knowledge.model import UndoReport as UndoReport
from vink_chat.knowledge.search import search as search
from vink_chat.knowledge.search import warm_up as warm_up
from vink_chat.knowledge.store import search_ddl as search_ddl
from vink_chat.knowledge.upkeep import prepare as prepare
from vink_chat.knowledge.upkeep import stop as stop
