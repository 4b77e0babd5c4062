"""What every administrators' page knows: who is signed in, and the words in their language."""

import reflex as rx

from vink_chat import config
from vink_chat.kit import signals
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin.words import words
from vink_chat.pages.desk.queue_broadcast import TEAM_TOPIC
from vink_chat.pages.staff.signed_in import SESSION_RECHECK_SECONDS, SignedIn
from vink_chat.web import tabs
from vink_chat.web.forwarding import is_unnamed_proxy


class AdminFrame(SignedIn, rx.State):
    """The frame around a page: navigation, the name of who is signed in, every sentence.

    Attributes:
        home: The chat's public address, empty when nobody set one.
        unnamed_proxy: Says that this page came through a proxy that the settings do not name; empty when it did not.
    """

    t: dict[str, str] = {}
    name: str = ""
    home: str = ""
    unnamed_proxy: str = ""

    @rx.event
    async def enter(self):
        """Let an administrator in, and nobody else; then see to it that they still are one."""
        self.name = ""
        try:
            asking = await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.t = words(self._language())
        self.unnamed_proxy = self._proxy_words()
        self.name, self.home, self.refusal = asking.name, config.current().public_url, ""
        return AdminFrame.watch

    def _proxy_words(self) -> str:
        # The administrator's own connection: what strangers claim in their headers cannot bring a warning here.
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
        """Take everything off the page once its session ends, or its owner is no administrator any more."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        async with signals.current().subscribe(TEAM_TOPIC) as heard:
            while True:
                async with self:
                    try:
                        await self._admin(counts_as_activity=False)
                    except VinkError as refusal:
                        await self._clear()
                        return self._refuse(refusal)
                # A session that ends is announced among the operators; its age nobody announces.
                await heard.next(quiet_after=SESSION_RECHECK_SECONDS)

    async def _clear(self) -> None:
        """Forget what the administrators' pages of this tab hold."""
        self.name = ""
        here = __name__.rpartition(".")[0]
        for kind in rx.State.get_substates():
            if kind.__module__.startswith(here) and kind is not AdminFrame:
                (await self.get_state(kind)).reset()
