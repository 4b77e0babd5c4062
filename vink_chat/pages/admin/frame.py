"""The frame around every admin page: navigation, the signed-in administrator, sign-out."""

from typing import Any, Final

import reflex as rx

from vink_chat import config
from vink_chat.components import button, post_form
from vink_chat.kit import signals
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin.guarded_form import unsaved_guard
from vink_chat.pages.admin.words import words
from vink_chat.pages.desk.queue_broadcast import TEAM_TOPIC
from vink_chat.pages.staff.signed_in import SESSION_RECHECK_SECONDS, SignedIn, shows_refusals
from vink_chat.web import tabs
from vink_chat.web.request_checks import is_unnamed_proxy


class AdminFrame(SignedIn, rx.State):
    """The frame of a page: the administrator's name, and the sentences of all pages.

    Attributes:
        home: The chat's public URL, empty when none is set.
        unnamed_proxy: A warning that this page came through a proxy the settings do not name; empty when it did not.
    """

    t: dict[str, str] = {}
    name: str = ""
    home: str = ""
    unnamed_proxy: str = ""

    @rx.event
    @shows_refusals
    async def enter(self):
        """Let in administrators only, then keep checking that they still are."""
        self.name = ""
        admin = await self._admin()
        self.t = words(self._language())
        self.unnamed_proxy = self._proxy_words()
        self.name, self.home, self.refusal = admin.name, config.current().public_url, ""
        return AdminFrame.watch

    def _proxy_words(self) -> str:
        # It is the administrator's own connection: headers forged by strangers cannot cause this warning.
        address = self.router.session.client_ip
        if not is_unnamed_proxy(address, self.router.headers.raw_headers):
            return ""
        sentence = (
            "Запросы приходят через прокси {address}, которого нет в VINK_TRUSTED_PROXIES: "
            "все, кто за ним, считаются одним адресом, и пределы для адреса у них общие."
        )
        return say(sentence, self._language(), address=address)

    @rx.event(background=True)
    async def watch(self):
        """Clear the page once the session ends or its owner is no longer an administrator."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        async with signals.current().subscribe(TEAM_TOPIC) as changes:
            while True:
                async with self:
                    try:
                        await self._admin(counts_as_activity=False)
                    except VinkError as refusal:
                        await self._clear()
                        return self._refuse(refusal)
                # The end of a session is announced to the operators; its expiry is not.
                await changes.next(quiet_after=SESSION_RECHECK_SECONDS)

    async def _clear(self) -> None:
        """Reset the States of all admin pages in this tab."""
        self.name = ""
        package = __name__.rpartition(".")[0]
        for kind in rx.State.get_substates():
            if kind.__module__.startswith(package) and kind is not AdminFrame:
                (await self.get_state(kind)).reset()


t = AdminFrame.t

PAGES: Final = (
    ("overview", "/admin"),
    ("operators", "/admin/operators"),
    ("assistant", "/admin/assistant"),
    ("knowledge", "/admin/knowledge"),
    ("handover", "/admin/handover"),
    ("questions", "/admin/questions"),
    ("look", "/admin/look"),
    ("canned", "/admin/canned"),
    ("blocked", "/admin/blocked"),
    ("telegram", "/admin/telegram"),
    ("work", "/admin/work"),
)
_ITEM: Final = "flex items-center min-h-11 px-3.5 py-1 rounded-xl text-[.9375rem] leading-tight no-underline text-(--ink) hover:bg-(--raised) "


def frame(current: str, *children: rx.Component) -> rx.Component:
    """Put an admin page into the frame; ``current`` is its name in ``PAGES``."""
    return rx.el.div(
        rx.cond(AdminFrame.name != "", _page(current, *children), _refused()),
        unsaved_guard(t["unsaved"]),
        class_name="min-h-dvh bg-(--ground)",
    )


def _page(current: str, *children: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.a(t["skip"], href="#page", class_name="visually-hidden focus:static! focus:w-auto! focus:h-auto!"),
        rx.el.header(
            rx.el.details(
                rx.el.summary(t["menu"], class_name=f"{_ITEM} border border-(--line) cursor-pointer list-none"),
                rx.el.nav(
                    _links(current),
                    class_name="absolute left-4 right-4 z-10 mt-2 p-2 rounded-2xl bg-(--surface) shadow-(--shadow) border border-(--line)",
                    custom_attrs={"aria-label": t["sections"]},
                ),
                class_name="lg:hidden",
            ),
            rx.el.span(t["administration"], class_name="font-semibold max-lg:sr-only"),
            rx.el.div(
                rx.el.a(AdminFrame.name, href="/account", class_name="text-sm text-(--soft) truncate max-w-40"),
                rx.el.a(t["desk"], href="/desk", class_name=_ITEM),
                post_form(
                    button(t["leave"], type="submit", look="quiet", classes="px-3.5"),
                    action="/auth/sign-out",
                ),
                class_name="ml-auto flex items-center gap-1 min-w-0",
            ),
            class_name="flex items-center gap-3 px-4 lg:px-6 py-2 border-b border-(--line) bg-(--surface)",
        ),
        rx.el.div(
            rx.el.nav(
                _links(current),
                class_name="hidden lg:block w-60 shrink-0 p-4",
                custom_attrs={"aria-label": t["sections"]},
            ),
            rx.el.main(
                rx.el.h1(t[f"page_{current}"], class_name="text-2xl font-semibold m-0"),
                rx.cond(
                    AdminFrame.unnamed_proxy != "",
                    rx.el.p(
                        AdminFrame.unnamed_proxy,
                        class_name="m-0 px-4 py-3 rounded-xl border border-(--bad) text-(--bad) bg-(--surface) wrap-anywhere",
                        custom_attrs={"data-unnamed-proxy": ""},
                    ),
                ),
                *children,
                id="page",
                class_name="flex-1 min-w-0 max-w-5xl p-4 lg:p-6 pb-28 flex flex-col gap-5",
            ),
            class_name="flex",
        ),
    )


def _links(current: str) -> rx.Component:
    return rx.el.ul(
        *[rx.el.li(_link(name, address, is_current=name == current)) for name, address in PAGES],
        class_name="list-none m-0 p-0 flex flex-col gap-0.5",
    )


def _link(name: str, address: str, *, is_current: bool) -> rx.Component:
    looks = _ITEM + ("bg-(--badge) font-semibold" if is_current else "")
    mark: dict[str, Any] = {"aria-current": "page"} if is_current else {}
    return rx.el.a(t[f"page_{name}"], href=address, class_name=looks, custom_attrs=mark)


def _refused() -> rx.Component:
    """The refusal shown to everybody but administrators; nothing while access is being checked."""
    return rx.el.main(
        rx.cond(
            AdminFrame.refusal != "",
            rx.el.div(
                rx.el.h1(AdminFrame.refusal, class_name="text-xl m-0 mb-4"),
                rx.el.a("← /desk", href="/desk", class_name="text-(--link) underline"),
                class_name="bg-(--surface) rounded-2xl shadow-(--shadow) p-8",
            ),
        ),
        class_name="min-h-dvh grid place-items-center p-4",
    )
