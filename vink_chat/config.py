"""Settings from the environment, read once. ``docs/settings.md`` lists them, and a test compares the two."""

import difflib
import ipaddress
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_DATABASE: Final = "vink_chat.db"
_SHORTEST_SECRET: Final = 16
# Set by the program for its own child processes.
_INTERNAL: Final = frozenset({"VINK_DEV_BACKEND"})


class SettingsError(Exception):
    """A setting is missing or invalid; the message names it and says what to write."""


class Settings(BaseSettings):
    """The settings of an installation."""

    model_config = SettingsConfigDict(env_prefix="VINK_", env_file=".env", extra="ignore", populate_by_name=True)

    host: str = "0.0.0.0"  # noqa: S104  a container's port is reached from outside
    port: int = Field(3000, ge=1, le=65535)
    public_url: str = ""
    trusted_proxies: str = ""
    connections_per_address: int = Field(200, ge=10, le=100_000)
    data: str = "data"
    database_url: str = f"sqlite:///data/{_DATABASE}"
    redis_url: str = ""
    secret: str = ""
    yandex_api_key: str = Field("", validation_alias=AliasChoices("VINK_YANDEX_API_KEY", "API_KEY"))
    yandex_folder_id: str = Field("", validation_alias=AliasChoices("VINK_YANDEX_FOLDER_ID", "CATALOG_IDENTIFIER"))
    yandex_model: str = "yandexgpt-lite/latest"
    yandex_base_url: str = "https://llm.api.cloud.yandex.net"
    openai_base_url: str = ""
    openai_api_key: str = ""
    openai_model: str = ""
    admin_login: str = ""
    admin_password: str = ""
    telegram_token: str = Field("", validation_alias=AliasChoices("VINK_TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"))
    telegram_base_url: str = "https://api.telegram.org/bot"
    log_level: str = "INFO"

    @field_validator("*", mode="before")
    @classmethod
    def _strip(cls, value: object) -> object:
        # Pasted keys often end with a newline.
        return value.strip() if isinstance(value, str) else value

    @field_validator("public_url", "yandex_base_url", "openai_base_url", "telegram_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not _is_address(value, {"http", "https"}):
            msg = "write an address such as https://chat.example.ru"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("public_url", "yandex_base_url")
    @classmethod
    def _bare(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.path or parts.query or parts.fragment:
            msg = f"write scheme and host without a path: {parts.scheme}://{parts.netloc}"
            raise ValueError(msg)
        return value

    @field_validator("data")
    @classmethod
    def _folder(cls, value: str) -> str:
        if not value:
            msg = "write the path of a folder, such as data or /var/lib/vink_chat"
            raise ValueError(msg)
        return value

    @field_validator("secret")
    @classmethod
    def _long(cls, value: str) -> str:
        if value and len(value) < _SHORTEST_SECRET:
            msg = f"write at least {_SHORTEST_SECRET} random characters, or leave it empty to have one made"
            raise ValueError(msg)
        return value

    @field_validator("host")
    @classmethod
    def _listens(cls, value: str) -> str:
        try:
            return str(ipaddress.ip_address("127.0.0.1" if value == "localhost" else value))
        except ValueError:
            msg = "write an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
            raise ValueError(msg) from None

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        try:
            networks = [str(ipaddress.ip_network(part.strip())) for part in value.split(",") if part.strip()]
        except ValueError:
            msg = "write addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8"
            raise ValueError(msg) from None
        return ",".join(networks)

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            supported = make_url(value).drivername in {"sqlite", "postgresql"}
        except (ArgumentError, ValueError):
            supported = False
        named = value.removeprefix("sqlite:///") not in {"", ":memory:"} if supported else False
        if not named or not value.startswith(("sqlite:///", "postgresql://")):
            msg = "write sqlite:///data/vink_chat.db or postgresql://user:password@host/base"
            raise ValueError(msg)
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not (value.startswith("unix:///") or _is_address(value, {"redis", "rediss"})):
            msg = "write redis://host:6379/0, or leave it empty for one process"
            raise ValueError(msg)
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            msg = "write DEBUG, INFO, WARNING or ERROR"
            raise ValueError(msg)
        return value.upper()

    @model_validator(mode="after")
    def _beside_the_data(self) -> Self:
        if "database_url" not in self.model_fields_set:
            self.database_url = f"sqlite:///{Path(self.data) / _DATABASE}"
        return self

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        for first, second in (
            ("yandex_api_key", "yandex_folder_id"),
            ("openai_base_url", "openai_model"),
            ("admin_login", "admin_password"),
        ):
            if bool(getattr(self, first)) != bool(getattr(self, second)):
                missing, given = (second, first) if getattr(self, first) else (first, second)
                msg = f"{_named(missing)} is empty while {_named(given)} is set: set both, or neither"
                raise ValueError(msg)
        if self.admin_password and len(self.admin_password) < 8:  # noqa: PLR2004  the shortest allowed
            msg = "VINK_ADMIN_PASSWORD is shorter than 8 characters: write a longer one"
            raise ValueError(msg)
        return self


def read() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        SettingsError: A setting is missing or invalid.
    """
    try:
        settings = Settings()  # pyright: ignore[reportCallIssue]  the environment fills it
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    if not settings.secret:
        settings.secret = _generated_secret(Path(settings.data) / "secret")
    return settings


@cache
def current() -> Settings:
    """Return the settings of this process, read once."""
    return read()


def unknown_names() -> list[str]:
    """Return a warning about each name in the environment and ``.env`` that looks like a setting but is not one."""
    settings = {name for field in Settings.model_fields for name in _named(field).split(" or ")}
    given = {*os.environ, *(dotenv_values(".env") if Path(".env").is_file() else ())}
    strangers = sorted(
        name for name in given if name.upper().startswith("VINK_") and name.upper() not in settings | _INTERNAL
    )
    return [_unknown(name, settings) for name in strangers]


def _unknown(name: str, settings: set[str]) -> str:
    near = difflib.get_close_matches(name.upper(), sorted(settings), 1)
    return f"{name} is not a setting and has no effect" + (f": did you mean {near[0]}?" if near else ".")


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    reason = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return reason
    name = str(first["loc"][0])
    field = name if name in Settings.model_fields else ""
    if field and Settings.model_fields[field].annotation is int:
        bounds = {type(bound).__name__: bound for bound in Settings.model_fields[field].metadata}
        lowest, highest = getattr(bounds.get("Ge"), "ge", 0), getattr(bounds.get("Le"), "le", "")
        reason = f'a whole number from {lowest} to {highest}, not "{str(first["input"])[:40]}"'
    return f"{name if name.isupper() else _named(name)}: {reason}"


def _named(field: str) -> str:
    """Return the names of a setting in the environment, including an old one."""
    alias = Settings.model_fields[field].validation_alias
    names = [str(name) for name in alias.choices] if isinstance(alias, AliasChoices) else [f"VINK_{field.upper()}"]
    return " or ".join(names)


def _is_address(value: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(value)
        # Reading the port validates it.
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _generated_secret(path: Path) -> str:
    # A crash between creating and writing the file leaves it empty; nothing may be signed with an empty secret.
    if not path.exists() or not path.read_text().strip():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        except OSError as error:
            msg = f"VINK_SECRET: {path} cannot be written ({error.strerror}): write 32 random letters into the setting"
            raise SettingsError(msg) from None
    return path.read_text().strip()
