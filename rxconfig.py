"""What Reflex is told at build and at start. Everything an installer may set is in ``vink_chat/config.py``."""

import reflex as rx

from vink_chat import config as settings
from vink_chat.web.build import BrowserCode, SlimPages

_settings = settings.current()
_address = _settings.public_url or f"http://localhost:{_settings.port}"

config = rx.Config(
    app_name="vink_chat",
    backend_port=_settings.port,
    # The build bakes this in; serving replaces it by the page's own origin (vink_chat/web/build.py).
    api_url="http://localhost:3000",
    deploy_url=_address,
    cors_allowed_origins=[_address],
    transport="websocket",
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    redis_url=None,
    # States are disposable views; a process-wide beat keeps those of open tabs (vink_chat/web/tabs.py).
    redis_token_expiration=300,
    # The build changes what Reflex wrote and compresses it then; the start says what is sent (vink_chat/__main__.py).
    frontend_compression_formats=[],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[rx.plugins.TailwindV4Plugin({"theme": {}, "plugins": []}), SlimPages(), BrowserCode()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
