"""Sets up the bot: the installation's options, the webhook, the bot's name and its menu of commands."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from vink_chat import preferences
from vink_chat.channels import store
from vink_chat.channels.channel import Limits
from vink_chat.channels.telegram import errors
from vink_chat.channels.telegram.bot import Bot
from vink_chat.channels.telegram.inbound import commands
from vink_chat.channels.telegram.inbound.receiver import webhook_secret
from vink_chat.kit import db
from vink_chat.kit.words import DEFAULT_LANGUAGE, LANGUAGES, say
from vink_chat.preferences import Telegram

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the installation.

    Attributes:
        token: The bot's token.
        base_url: The Bot API server; the token is appended to it.
        public_url: The site's address, which a webhook needs.
        secret: This installation's secret.
        alone: Whether no other process can serve this database.
        limits: How many calls the bot may make.
    """

    token: str
    base_url: str
    public_url: str = ""
    secret: str = ""
    alone: bool = True
    limits: Limits = field(default_factory=Limits)

    @property
    def bot_id(self) -> int:
        """The bot's user id, which its token begins with; 0 for a malformed token."""
        number = self.token.partition(":")[0]
        return int(number) if number.isdecimal() else 0


class BotSetup:
    """Configures the bot in Telegram."""

    def __init__(self, bot: Bot, options: Options) -> None:
        self._bot = bot
        self._options = options

    @property
    def uses_webhook(self) -> bool:
        """Whether a webhook is configured; otherwise updates are polled."""
        return self._options.public_url.startswith("https://") and preferences.current(Telegram).webhook

    async def introduce(self) -> None:
        """Save the bot's username, and set its menu of commands."""
        await _until_answered(self._remember_name)
        for language in (None, *LANGUAGES):
            menu = {name: say(text, language or DEFAULT_LANGUAGE) for name, text in commands.MENU.items()}
            await _until_answered(lambda menu=menu, language=language: self._bot.set_commands(menu, language))

    async def start_webhook(self) -> bool:
        """Set the webhook if one is configured; false if none is, or if Telegram refused it."""
        fault = ""
        if uses_webhook := self.uses_webhook:
            url = f"{self._options.public_url}/api/telegram"
            fault = await _until_answered(
                lambda: self._bot.set_webhook(url, webhook_secret(self._options.secret, self._options.bot_id))
            )
        async with db.transaction() as tx:
            await store.save_webhook_fault(tx, fault)
        return uses_webhook and not fault

    async def stop_webhook(self) -> None:
        """Remove the webhook, so that updates can be polled."""
        await _until_answered(self._bot.stop_webhook)

    async def _remember_name(self) -> None:
        try:
            await self._save_name(await self._bot.username())
        except errors.WrongToken:
            # Otherwise links to the previous bot would still be shown.
            await self._save_name("")
            raise

    async def _save_name(self, name: str) -> None:
        async with db.transaction() as tx:
            await store.save_bot_name(tx, name)


async def _until_answered(call: Callable[[], Awaitable[None]]) -> str:
    """Repeat a call until Telegram answers, and return why it was refused; empty if it succeeded."""
    pause = 1.0
    while True:
        try:
            await call()
        except errors.CallRejected as refusal:
            log.warning("Telegram refused part of the bot's setup: %s", refusal)
            return str(refusal) or type(refusal).__name__
        except errors.RateLimited as later:
            await asyncio.sleep(later.seconds)
        except errors.WrongToken as error:
            log.error("%s", error)  # noqa: TRY400  no trace helps
            await asyncio.sleep(error.retry_seconds)
        except errors.TemporaryFailure:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)
        else:
            return ""
