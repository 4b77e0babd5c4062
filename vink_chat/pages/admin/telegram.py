"""The Telegram page: the bot's state, its group and topics, and how updates arrive."""

import reflex as rx

from vink_chat import channels, config
from vink_chat.kit import db
from vink_chat.kit.words import say
from vink_chat.pages.admin import parts
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.shared.formats import when
from vink_chat.pages.shared.panels import panel
from vink_chat.pages.staff.signed_in import SignedIn, shows_refusals

t = AdminFrame.t


class BotPanel(SignedIn, rx.State):
    """The bot and its state.

    Attributes:
        loaded: Whether the other values have been read.
        has_token: Whether the settings contain a bot token.
        name: The bot's name, empty until Telegram reports it.
        push_fault: Why Telegram refused to push updates.
        trouble: What is wrong, as a sentence; empty when nothing is.
        state: When Telegram last answered, and how much waits to be sent.
        has_https: Whether Telegram could push updates to this chat.
    """

    loaded: bool = False
    has_token: bool = False
    name: str = ""
    push_fault: str = ""
    trouble: str = ""
    state: str = ""
    has_https: bool = False

    @rx.event
    @shows_refusals
    async def open(self):
        """Read the settings and the bot's health."""
        self.loaded, self.refusal = False, ""
        await self._admin()
        settings = config.current()
        async with db.reading() as tx:
            self.name = await channels.bot_name(tx)
            self.push_fault = await channels.push_fault(tx)
            health = await channels.health(tx)
        self.trouble, self.state = _trouble(health, self._language()), _state(health, self._language())
        self.has_token = bool(settings.telegram_token)
        self.has_https = settings.public_url.startswith("https://")
        self.loaded = True


def _trouble(health: channels.Health, language: str) -> str:
    sentences = {
        "token": say(
            "Telegram не узнаёт токен: проверьте VINK_TELEGRAM_TOKEN. Операторы в Telegram ничего не получают.",
            language,
        ),
        "contested": say("Этим же ботом пользуется другая программа. Остановите её: сообщения теряются.", language),
        "away": say("Telegram не отвечает. Сообщения ждут отправки.", language),
    }
    group = say("Бота нет в группе операторов: верните его или исправьте номер группы.", language)
    return sentences.get(health.fault, group if health.group_lost else "")


def _state(health: channels.Health, language: str) -> str:
    answered = (
        say("Telegram отвечал: {moment}.", language, moment=when(health.heard_at, language))
        if health.heard_at
        else say("Telegram ещё не отвечал.", language)
    )
    if health.oldest is None:
        return f"{answered} {say('Все сообщения отправлены.', language)}"
    moment = when(health.oldest, language)
    waits = say("Ждут отправки: {count}, самое старое с {moment}.", language, count=health.waiting, moment=moment)
    return f"{answered} {waits}"


def telegram() -> rx.Component:
    """The page of the bot."""
    return frame("telegram", rx.cond(BotPanel.loaded, _bot()), fields.page(_form()))


def _bot() -> rx.Component:
    return panel(
        t["bot"],
        rx.cond(
            BotPanel.has_token,
            rx.cond(BotPanel.name != "", _named(), rx.el.p(t["bot_silent"], class_name="m-0")),
            rx.fragment(
                rx.el.p(t["bot_missing"], class_name="m-0 font-medium text-(--bad)"),
                rx.el.p(t["bot_missing_hint"], class_name=parts.SMALL),
            ),
        ),
        rx.cond(
            BotPanel.trouble != "",
            rx.el.p(BotPanel.trouble, class_name="m-0 font-medium text-(--bad)", role="alert"),
        ),
        rx.cond(BotPanel.has_token, rx.el.p(BotPanel.state, class_name=parts.SMALL)),
        rx.cond(
            BotPanel.push_fault != "",
            rx.el.p(t["push_refused"], " ", BotPanel.push_fault, class_name="m-0 text-(--bad)"),
        ),
        custom_attrs={"data-bot": ""},
    )


def _named() -> rx.Component:
    link = rx.el.a("@" + BotPanel.name, href="https://t.me/" + BotPanel.name, class_name=parts.LINK, rel="noreferrer")
    works = rx.el.p(t["bot_works"], " ", link, class_name="m-0")
    return rx.cond(BotPanel.trouble == "", works, rx.el.p(link, class_name="m-0"))


def _form() -> rx.Component:
    return fields.form(
        "telegram",
        t["telegram_work"],
        fields.text("telegram.group_id", hint=t["group_hint"], input_mode="text", auto_complete="off"),
        rx.el.div(fields.flag("telegram.topics"), rx.el.p(t["topics_hint"], class_name=parts.SMALL)),
        fields.one_of("telegram.language", [("ru", t["russian"]), ("en", t["english"])]),
        rx.el.div(
            fields.flag("telegram.webhook"),
            rx.el.p(rx.cond(BotPanel.has_https, t["pushed_hint"], t["not_https"]), class_name=parts.SMALL),
        ),
    )
