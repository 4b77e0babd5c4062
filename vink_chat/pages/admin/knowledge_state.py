"""The list of articles and the edited article; the URL names both the page and the article."""

from typing import Any, Final, TypedDict
from urllib.parse import urlencode

import reflex as rx

from vink_chat import knowledge
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.kit.excerpts import cut, plain
from vink_chat.kit.words import say
from vink_chat.pages.admin.guarded_form import RefusedFields
from vink_chat.pages.admin.knowledge_files import ImportRow, import_row, in_query, lines_of, summary, undone
from vink_chat.pages.staff.signed_in import parse_id, shows_refusals

_PAGE_SIZE: Final = 50
_PREVIEW_CHARS: Final = 200


class ArticleFields(TypedDict):
    """The texts of an article's form."""

    question: str
    answer: str
    aliases: str
    url: str
    tags: str


_FIELDS: Final = tuple(ArticleFields.__annotations__)


class ArticleView(TypedDict):
    """One line of the list."""

    id: str
    question: str
    answer: str
    tags: str
    enabled: bool
    href: str


class KnowledgeState(RefusedFields, rx.State):
    """The articles a search finds, and the edited one.

    Attributes:
        listing: About the list: ``query``, ``total``, ``earlier``, ``later`` (URLs or empty).
        form: The edited article's fields, its ``id`` empty for a new one; empty when none is edited.
        bad: One sentence for each line an import skipped.
        imports: The last imports, which can be undone.
    """

    articles: list[ArticleView] = []
    listing: dict[str, str] = {}
    form: dict[str, str] = {}
    bad: list[str] = []
    imports: list[ImportRow] = []
    saved: str = ""

    @rx.event
    @shows_refusals
    async def open(self):
        """Read the page of the list and the article that the URL names."""
        self.saved, self.refusal, self.bad, self.form, self.wrong = "", "", [], {}, {}
        await self._admin()
        await self._list()
        await self._open_article()
        report = in_query(self.router.url.query_parameters)
        if report:
            self.saved = summary(report, self._language())
            self.bad = lines_of(report, self._language())

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Add an article, or change the edited one; a double click adds one."""
        self.saved = ""
        if self._edits(form.get("id")):
            self.wrong = {}

        def text(name: str) -> str:
            return str(form.get(name) or "")

        fields = ArticleFields(
            question=text("question"),
            answer=text("answer"),
            aliases=text("aliases"),
            url=text("url"),
            tags=text("tags"),
        )
        try:
            await self._admin()
            await self._store(form.get("id"), fields)
        except VinkError as refusal:
            if not self._edits(form.get("id")):
                # Its form is no longer shown: do not mark another article's fields.
                refusal.field = ""
            return self._refuse(refusal)
        self.refusal = ""
        self._close_form(form.get("id"))
        self.saved = say("Сохранено", self._language())
        await self._list()
        return None

    @rx.event
    @shows_refusals
    async def close(self, article: str):
        """Close the form of an article (empty: the new one)."""
        await self._admin()
        self._close_form(article)

    @rx.event
    @shows_refusals
    async def switch(self, article: str, enabled: bool):  # noqa: FBT001  the handler's one choice
        """Let the assistant use an article, or stop using it."""
        await self._admin()
        async with db.transaction() as tx:
            await knowledge.switch(tx, parse_id(article), enabled is True)
        await self._list()

    @rx.event
    @shows_refusals
    async def remove(self, article: str):
        """Delete an article."""
        await self._admin()
        async with db.transaction() as tx:
            await knowledge.remove(tx, parse_id(article))
        self.refusal, self.saved = "", say("Статья удалена", self._language())
        self._close_form(article)
        await self._list()

    @rx.event
    @shows_refusals
    async def paste(self, form: dict[str, Any]):
        """Import pasted pairs."""
        self.saved, self.bad = "", []
        admin = await self._admin()
        report = await knowledge.import_jsonl(db.transaction, str(form.get("text") or ""), admin.name)
        self.refusal, self.saved = "", summary(report, self._language())
        self.bad = lines_of(report, self._language())
        await self._list()

    @rx.event
    @shows_refusals
    async def undo_import(self, imported: str):
        """Undo an import."""
        self.saved, self.bad = "", []
        await self._admin()
        report = await knowledge.undo_import(db.transaction, parse_id(imported))
        self.refusal, self.saved = "", undone(report, self._language())
        await self._list()

    async def _store(self, article: object, fields: ArticleFields) -> None:
        try:
            async with db.transaction() as tx:
                if article:
                    await knowledge.edit(tx, parse_id(article), **fields)
                else:
                    await knowledge.add(tx, **fields)
        except knowledge.QuestionTaken:
            # The second click of a double click comes after the first has added the article and closed the form.
            if article or self.form:
                raise

    def _edits(self, article: object) -> bool:
        """Tell whether this is the edited article: another may have been opened since its form was rendered."""
        return bool(self.form) and self.form["id"] == (article or "")

    def _close_form(self, article: object) -> None:
        if self._edits(article):
            self.form, self.wrong = {}, {}

    async def _list(self) -> None:
        parameters = self.router.url.query_parameters
        query = parameters.get("q", "")[:200]
        page = parameters.get("page", "")[:5]
        number = max(1, int(page)) if page.isdecimal() else 1
        async with db.reading() as tx:
            articles = await knowledge.articles(tx, query, min(number, 10_000), _PAGE_SIZE)
            total = await knowledge.count(tx, query)
            imports = await knowledge.imports(tx)
        self.imports = [import_row(view, self._language()) for view in imports]
        self.articles = [_view(article, query, number) for article in articles]
        self.listing = {
            "query": query,
            "total": str(total),
            "earlier": _url(query, number - 1) if number > 1 else "",
            "later": _url(query, number + 1) if number * _PAGE_SIZE < total else "",
        }

    async def _open_article(self) -> None:
        edited = self.router.url.query_parameters.get("edit", "")
        if edited == "new":
            self.form = {"id": "", **dict.fromkeys(_FIELDS, "")}
        elif edited:
            async with db.reading() as tx:
                article = await knowledge.article(tx, parse_id(edited))
            self.form = {"id": str(article.id), **{name: getattr(article, name) for name in _FIELDS}}


def _view(article: knowledge.Article, query: str, page: int) -> ArticleView:
    return ArticleView(
        id=str(article.id),
        question=article.question,
        answer=cut(plain(article.answer), _PREVIEW_CHARS),
        tags=article.tags,
        enabled=article.enabled,
        href=_url(query, page, edit=str(article.id)),
    )


def _url(query: str, page: int, **more: str) -> str:
    return "/admin/knowledge?" + urlencode({"q": query, "page": page, **more})
