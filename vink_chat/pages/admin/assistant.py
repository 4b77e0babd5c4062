"""The assistant's page: the connected models, greeting, manner, limits, and a trial of unsaved settings."""

import asyncio
from typing import Any, TypedDict
from urllib.parse import urlsplit

import reflex as rx
from babel.numbers import format_percent

from vink_chat import answering, config, preferences
from vink_chat.components import button, text_area
from vink_chat.components.vars import length
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin import parts, plans
from vink_chat.pages.admin import section_fields as fields
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.shared.formats import seconds_words
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.shared.panels import panel
from vink_chat.pages.staff.signed_in import SignedIn, shows_refusals

t = AdminFrame.t


class Model(TypedDict):
    """A connected model, without its key."""

    provider: str
    name: str


class ModelPanel(SignedIn, rx.State):
    """The connected models, in the order they are asked.

    Attributes:
        loaded: Whether ``models`` has been read.
    """

    loaded: bool = False
    models: list[Model] = []

    @rx.event
    @shows_refusals
    async def open(self):
        """Read the connected models from the settings."""
        self.loaded, self.models, self.refusal = False, [], ""
        await self._admin()
        self.models, self.loaded = models(config.current()), True


def models(settings: config.Settings) -> list[Model]:
    """Return the models of the settings: the first is asked first, the next when it does not answer."""
    connected: list[Model] = []
    if settings.yandex_api_key:
        connected.append(Model(provider="YandexGPT", name=settings.yandex_model))
    if settings.openai_base_url:
        # The host alone: the URL may contain a password.
        connected.append(Model(provider=urlsplit(settings.openai_base_url).hostname or "", name=settings.openai_model))
    return connected


def model_panel() -> rx.Component:
    """The panel above the assistant's settings."""
    connected = length(ModelPanel.models) > 0
    return rx.cond(
        ModelPanel.loaded,
        panel(
            t["models"],
            rx.cond(connected, _connected(), _missing()),
            custom_attrs={"data-models": f"{length(ModelPanel.models)}"},
        ),
    )


def _connected() -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(
                ModelPanel.models,
                lambda model: rx.el.li(model["provider"], ": ", rx.el.strong(model["name"], class_name="break-words")),
            ),
            class_name="m-0 p-0 list-none flex flex-col gap-1",
        ),
        rx.el.p(t["models_hint"], class_name=parts.SMALL),
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.p(t["model_missing"], class_name="m-0 font-medium text-(--warn)"),
        rx.el.p(t["model_missing_hint"], class_name=parts.SMALL),
        rx.el.p(t["model_missing_effect"], class_name=parts.SMALL),
    )


class Trial(TypedDict):
    """One of the compared answers.

    Attributes:
        html: Sanitised; empty when a person would be called. ``fault`` says why the model's answer would not be shown.
    """

    title: str
    html: str
    fault: str
    figures: str
    passages: list[str]


class TryOut(SignedIn, rx.State):
    """The answers to one question with two sets of settings."""

    trials: list[Trial] = []
    busy: bool = False
    saved: str = ""

    @rx.event(background=True)
    async def ask(self, form: dict[str, Any], question: str):
        """Answer a question twice; nothing is stored."""
        async with self:
            try:
                await self._admin()
                saved = preferences.current(preferences.Assistant)
                unsaved = preferences.change(saved, **plans.ASSISTANT.values(form))
            except VinkError as refusal:
                self.busy = False
                return self._refuse(refusal)
            language = self._language()
            if self.busy:
                return None
            self.busy, self.trials, self.refusal = True, [], ""
        try:
            trials = await asyncio.gather(
                answering.try_out(question, unsaved, language=language),
                answering.try_out(question, saved, language=language),
            )
        except VinkError as refusal:
            async with self:
                self.busy = False
                return self._refuse(refusal)
        titles = (say("С настройками из формы", language), say("С сохранёнными настройками", language))
        async with self:
            # If not busy any more, the page was reset because the user is no longer an administrator.
            if not self.busy:
                return None
            self.trials = [_shown(title, trial, language) for title, trial in zip(titles, trials, strict=True)]
            self.busy = False
        return None


def _shown(title: str, trial: answering.Trial, language: str) -> Trial:
    template = "Сначала переспросил бы посетителя: {fault}" if trial.asks else "Позвал бы специалиста: {fault}"
    fault = say(template, language, fault=trial.fault) if trial.fault else ""
    model = say("модель {model}", language, model=trial.model) if trial.model else say("без модели", language)
    figures = f"{model} · {seconds_words(trial.milliseconds, language)}"
    return Trial(
        title=title,
        html=from_markdown(trial.text) if trial.text else "",
        fault=fault,
        figures=figures,
        passages=[f"{name} — {format_percent(score, locale=language)}" for name, score in trial.passages],
    )


def assistant() -> rx.Component:
    """The assistant's page."""
    return frame(
        "assistant",
        model_panel(),
        fields.page(_greeting(), _manner(), _trial(), others=(TryOut,)),
    )


def _greeting() -> rx.Component:
    return fields.form(
        "greeting",
        t["greeting"],
        fields.text("greeting.reply_time"),
        fields.text("greeting.contacts", hint=t["contacts_hint"]),
        fields.long_text("greeting.text", rows=3),
    )


def _manner() -> rx.Component:
    return fields.form(
        "assistant",
        t["manner"],
        fields.text("assistant.name"),
        fields.long_text("assistant.persona", rows=10),
        fields.lines("assistant.rules", rows=10),
        rx.el.fieldset(
            rx.el.legend(t["assistant.examples"], class_name="text-sm font-medium mb-1.5 p-0"),
            fields.rows(
                "assistant.examples",
                t["add_example"],
                lambda row: [
                    fields.row_area(row, "assistant.examples", "question", rows=2),
                    fields.row_area(row, "assistant.examples", "answer", rows=3),
                ],
            ),
            class_name="border-0 p-0 m-0 flex flex-col gap-3 min-w-0",
        ),
        fields.side_by_side(
            fields.text("assistant.model", hint=t["model_hint"]),
            fields.number("assistant.temperature", hint=t["temperature_hint"]),
            fields.number("assistant.max_tokens"),
            fields.number("assistant.context_tokens"),
            fields.number("assistant.answer_seconds"),
            fields.number("assistant.turn_limit"),
        ),
        fields.flag("assistant.only_knowledge"),
        fields.flag("assistant.streaming"),
        fields.lines("assistant.refused_words"),
    )


def _trial() -> rx.Component:
    return panel(
        t["trial"],
        rx.el.p(t["trial_hint"], class_name=parts.SMALL),
        rx.el.form(
            text_area(t["trial_question"], "question", rows=2, id="trial-question"),
            rx.el.div(
                button(
                    t["try"],
                    look="brand",
                    disabled=TryOut.busy,
                    on_click=TryOut.ask(
                        fields.typed("assistant"),
                        rx.Var("document.getElementById('trial-question').value", _var_type=str),
                    ),
                ),
                rx.el.span(rx.cond(TryOut.busy, t["trial_busy"], ""), role="status", class_name=parts.SMALL),
                class_name="flex items-center gap-3",
            ),
            class_name="flex flex-col gap-4",
            custom_attrs={"action": ""},
        ),
        rx.el.div(
            rx.foreach(TryOut.trials, _answer), class_name="grid md:grid-cols-2 gap-4", custom_attrs={"data-trials": ""}
        ),
    )


def _answer(trial: Trial) -> rx.Component:
    return rx.el.article(
        rx.el.h3(trial["title"], class_name="text-base font-semibold m-0"),
        rx.cond(trial["html"] != "", rx.html(trial["html"], class_name="words")),
        rx.cond(trial["fault"] != "", rx.el.p(trial["fault"], class_name="m-0 text-(--bad)")),
        rx.el.p(trial["figures"], class_name=parts.SMALL),
        rx.el.ul(
            rx.foreach(trial["passages"], rx.el.li),
            class_name="text-sm text-(--soft) m-0 pl-5 list-disc",
        ),
        class_name="rounded-xl border border-(--line) p-4 flex flex-col gap-3 min-w-0",
    )
