"""Which language model answers, as the installation's settings say; without one, that there is none."""

from typing import TypedDict
from urllib.parse import urlsplit

import reflex as rx

from vink_chat import config
from vink_chat.kit.errors import VinkError
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame_state import AdminFrame
from vink_chat.pages.shared.panels import panel
from vink_chat.pages.staff.signed_in import SignedIn

t = AdminFrame.t


class Model(TypedDict):
    """A model that is connected; never its key."""

    provider: str
    name: str


class ModelPanel(SignedIn, rx.State):
    """The models that are asked, in this order.

    Attributes:
        known: Whether the installation was asked yet.
    """

    known: bool = False
    models: list[Model] = []

    @rx.event
    async def open(self):
        """Read what the installation says."""
        self.known, self.models, self.refusal = False, [], ""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        self.models, self.known = models(config.current()), True
        return None


def models(settings: config.Settings) -> list[Model]:
    """Return the models the settings connect: the first is asked first, the next when it does not answer."""
    found: list[Model] = []
    if settings.yandex_api_key:
        found.append(Model(provider="YandexGPT", name=settings.yandex_model))
    if settings.openai_base_url:
        # The host alone: an address may hold a password.
        found.append(Model(provider=urlsplit(settings.openai_base_url).hostname or "", name=settings.openai_model))
    return found


def model_panel() -> rx.Component:
    """The panel above the assistant's settings."""
    connected = ModelPanel.models.length() > 0
    return rx.cond(
        ModelPanel.known,
        panel(
            t["models"],
            rx.cond(connected, _connected(), _missing()),
            custom_attrs={"data-models": ModelPanel.models.length().to_string()},
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
