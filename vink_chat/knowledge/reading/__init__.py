"""Reading files and sites into drafts of articles: nothing here writes to the knowledge base."""

from vink_chat.knowledge.reading.fetching import Limits as Limits
from vink_chat.knowledge.reading.files import check_size as check_size
from vink_chat.knowledge.reading.files import look as look
from vink_chat.knowledge.reading.files import read_document as read_document
from vink_chat.knowledge.reading.files import read_rows as read_rows
from vink_chat.knowledge.reading.model import ArticleDraft as ArticleDraft
from vink_chat.knowledge.reading.model import ColumnMapping as ColumnMapping
from vink_chat.knowledge.reading.model import Kind as Kind
from vink_chat.knowledge.reading.model import Origin as Origin
from vink_chat.knowledge.reading.model import Reading as Reading
from vink_chat.knowledge.reading.model import Sheet as Sheet
from vink_chat.knowledge.reading.model import Skipped as Skipped
from vink_chat.knowledge.reading.model import Table as Table
from vink_chat.knowledge.reading.network import Network as Network
from vink_chat.knowledge.reading.sites import read_address as read_address
