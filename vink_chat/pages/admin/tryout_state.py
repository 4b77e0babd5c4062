"""The panel that answers a question with the settings in the form and with the saved ones."""

import asyncio
from typing import Any, TypedDict

import reflex as rx
from babel.numbers import format_percent

from vink_chat import answering, preferences
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin import plans
from vink_chat.pages.shared.formats import seconds_words
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.staff.signed_in import SignedIn


class Trial(TypedDict):
    """One answer as it is compared.

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
            found = await asyncio.gather(
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
            self.trials = [_shown(title, trial, language) for title, trial in zip(titles, found, strict=True)]
            self.busy = False
        return None


def _shown(title: str, trial: answering.Trial, language: str) -> Trial:
    word = "Сначала переспросил бы посетителя: {fault}" if trial.asks else "Позвал бы специалиста: {fault}"
    fault = say(word, language, fault=trial.fault) if trial.fault else ""
    model = say("модель {model}", language, model=trial.model) if trial.model else say("без модели", language)
    figures = f"{model} · {seconds_words(trial.milliseconds, language)}"
    return Trial(
        title=title,
        html=from_markdown(trial.text) if trial.text else "",
        fault=fault,
        figures=figures,
        passages=[f"{name} — {format_percent(score, locale=language)}" for name, score in trial.passages],
    )
