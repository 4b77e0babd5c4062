"""The providers of answers, and the chain of them that the settings configure."""

from vink_chat.answering.provider import Provider
from vink_chat.answering.providers.knowledge import KnowledgeProvider as KnowledgeProvider
from vink_chat.answering.providers.openai_compatible import OpenAIProvider as OpenAIProvider
from vink_chat.answering.providers.resilience import Breaker as Breaker
from vink_chat.answering.providers.resilience import FallbackProvider as FallbackProvider
from vink_chat.answering.providers.scripted import ScriptedProvider as ScriptedProvider
from vink_chat.answering.providers.yandex import YandexProvider as YandexProvider
from vink_chat.config import Settings


def from_settings(settings: Settings) -> Provider:
    """Build the chain: YandexGPT and an OpenAI-compatible server, if configured, then quotations."""
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
        # Yandex's compatible API needs the folder; other servers ignore it.
        project = settings.yandex_folder_id if "yandex" in settings.openai_base_url else ""
        chain.append(OpenAIProvider(settings.openai_base_url, settings.openai_api_key, settings.openai_model, project))
    return FallbackProvider([*chain, KnowledgeProvider()])
