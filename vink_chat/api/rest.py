"""The REST application, mounted around the pages."""

from fastapi import FastAPI

from vink_chat.api import health, manual, telegram


def application() -> FastAPI:
    """Return the REST application."""
    api = FastAPI(title="vink_chat", docs_url=None, redoc_url=None, openapi_url=None)
    api.include_router(health.router)
    api.include_router(manual.router)
    api.include_router(telegram.router)
    return api
