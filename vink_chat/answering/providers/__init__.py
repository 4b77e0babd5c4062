"""The sources of answers, and which of them the settings ask for."""

from vink_chat.answering.provider import Provider
from vink_chat.answering.providers.knowledge import KnowledgeProvider as KnowledgeProvider
from vink_chat.answering.providers.openai_compatible import OpenAIProvider as OpenAIProvider
from vink_chat.answering.providers.resilience import Breaker as Breaker
from vink_chat.answering.providers.resilience import Resilient as Resilient
from vink_chat.answering.providers.scripted import ScriptedProvider as ScriptedProvider
from vink_chat.answering.providers.yandex import YandexProvider as YandexProvider
from vink_chat.config import Settings


def from_settings(settings: Settings) -> Provider:
    """Build the chain of providers: YandexGPT, then a compatible server, each if it is set, then quotations."""
    chain: list[Provider] = []
    if settings.yandex_api_key:
        chain.append(
            YandexProvider(
                settings.yandex_api_key,
                settings.yandex_folder_id,
                settings.yandex_model,
                settings.yandex_base_url,
            )
        )
    if settings.openai_base_url:
        # Yandex's own compatible API wants the folder; other servers pass it over.
        project = settings.yandex_folder_id if "yandex" in settings.openai_base_url else ""
        chain.append(OpenAIProvider(settings.openai_base_url, settings.openai_api_key, settings.openai_model, project))
    return Resilient([*chain, KnowledgeProvider()])
