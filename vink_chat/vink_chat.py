"""The application: pages, REST and the guards around them."""

import asyncio
import logging
from contextlib import asynccontextmanager

import reflex as rx

from vink_chat import bootstrap, config
from vink_chat.api import contract, rest
from vink_chat.pages import document, tab_identity
from vink_chat.pages.admin import routes as admin
from vink_chat.pages.desk import page as desk
from vink_chat.pages.desk.open_desks import desks
from vink_chat.pages.desk.queue import DeskQueue
from vink_chat.pages.desk.queue_broadcast import queue_broadcast, queue_cache
from vink_chat.pages.desk.thread import DeskThread
from vink_chat.pages.desk.viewers import viewers
from vink_chat.pages.staff import account, entrance, sign_in
from vink_chat.pages.visitor import identity, places
from vink_chat.pages.visitor import page as visitor
from vink_chat.pages.visitor.availability import availability
from vink_chat.pages.visitor.embed import embed
from vink_chat.pages.visitor.state import VisitorChat
from vink_chat.pages.visitor.thread_broadcast import thread_broadcasts
from vink_chat.pages.widget import demo, loader
from vink_chat.web import broadcast, headers, socket_guard, tabs

log = logging.getLogger(__name__)


@asynccontextmanager
async def _lifespan():  # noqa: ANN202  a lifespan
    runtime = await bootstrap.start(config.current())
    follows = (
        queue_cache.follow(queue_broadcast.publish_changes),
        viewers.follow(),
        places.follow(thread_broadcasts.visitors),
        identity.drop_revoked_tabs(),
        availability.follow(thread_broadcasts.visitors),
        desks.follow(),
    )
    following = [asyncio.create_task(follower) for follower in follows]
    try:
        yield
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        await runtime.stop()


api = rest.application()
api.include_router(entrance.router)
api.include_router(admin.router)
api.include_router(loader.router)


class Chat(rx.App):
    """The Reflex application behind the REST contract."""

    def __call__(self):  # noqa: ANN204  an ASGI application
        """Return the ASGI application."""
        return contract.LegacyApiMiddleware(super().__call__())


app = Chat(
    app_wraps={},
    toaster=None,
    stylesheets=["/look.css"],
    head_components=document.components(),
    html_lang="ru",
    api_transformer=[api, headers.Wrapper],
    backend_exception_handler=socket_guard.on_fault,
    frontend_exception_handler=socket_guard.on_page_fault,
)
app.add_page(visitor.index, route="/", title="Чат поддержки", on_load=VisitorChat.enter)
app.add_page(embed, route="/embed", title="Чат поддержки", on_load=VisitorChat.enter)
app.add_page(sign_in.sign_in, route="/sign-in", title="Вход", on_load=sign_in.Entrance.enter)
app.add_page(sign_in.welcome, route="/welcome", title="Добро пожаловать", on_load=sign_in.Entrance.welcome)
app.add_page(account.account, route="/account", title="Моя учётная запись", on_load=account.Account.open)
app.add_page(desk.desk, route="/desk", title="Рабочее место", on_load=[DeskQueue.enter, DeskThread.enter])
app.add_page(demo.demo, route="/demo", title="Печатный двор: пример магазина с чатом")
app.add_page(document.missing, route="404", title="Такой страницы нет")
admin.register(app)
socket_guard.install(app, tab_identity.identify)
broadcast.use_orjson(app)
app.register_lifespan_task(_lifespan)
app.register_lifespan_task(tabs.beating, app=app)
