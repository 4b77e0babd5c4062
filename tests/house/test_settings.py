"""docs/settings.md tells the truth, and a wrong setting stops the start with one useful sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import AliasChoices, BaseModel

from vink_chat import config, preferences

ROOT = Path(__file__).resolve().parents[2]
# | `VINK_PORT` | `3000` | … |   or   | `VINK_YANDEX_API_KEY` (`API_KEY`) | empty | … |
ROW = re.compile(r"^\| `(VINK_\w+)`(?: \(`(\w+)`\))? \| (?:`([^`]*)`|empty) \|", re.MULTILINE)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, aliases, _ in _documented():
        for key in (name, *aliases):
            monkeypatch.delenv(key, raising=False)
    monkeypatch.chdir(tmp_path)


def _documented() -> list[tuple[str, tuple[str, ...], str]]:
    rows = ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    return [(name, (alias,) if alias else (), default) for name, alias, default in rows]


def _in_code() -> list[tuple[str, tuple[str, ...], str]]:
    found = []
    for name, field in config.Settings.model_fields.items():
        own = f"VINK_{name.upper()}"
        choices = field.validation_alias.choices if isinstance(field.validation_alias, AliasChoices) else []
        found.append((own, tuple(str(choice) for choice in choices if choice != own), str(field.default)))
    return found


def test_the_documented_settings_are_those_of_the_code():
    assert _documented() == _in_code()


def test_every_setting_stands_in_the_example_file():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    listed = re.findall(r"^#? ?(VINK_\w+)=", example, re.MULTILINE)

    assert listed == [name for name, _, _ in _in_code()]


def test_nothing_need_be_set():
    settings = config.read()

    assert settings.port == 3000
    assert settings.database_url.startswith("sqlite:///")
    assert len(settings.secret) >= 32


def test_a_generated_secret_is_kept_and_is_private(tmp_path: Path):
    first = config.read().secret

    assert config.read().secret == first
    assert (tmp_path / "data/secret").stat().st_mode & 0o077 == 0


def test_everything_kept_stands_in_the_folder_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("VINK_DATA", str(tmp_path / "kept"))

    settings = config.read()

    assert settings.database_url == f"sqlite:///{tmp_path}/kept/vink_chat.db"
    assert (tmp_path / "kept/secret").read_text() == settings.secret


def test_a_database_that_is_named_stays_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("VINK_DATA", str(tmp_path / "kept"))
    monkeypatch.setenv("VINK_DATABASE_URL", "sqlite:///other.db")

    assert config.read().database_url == "sqlite:///other.db"


def test_the_old_names_are_understood(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("API_KEY", " key\n")
    monkeypatch.setenv("CATALOG_IDENTIFIER", "folder")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:token")

    settings = config.read()

    assert (settings.yandex_api_key, settings.yandex_folder_id) == ("key", "folder")
    assert settings.telegram_token == "1:token"


def test_a_dotenv_file_is_read(tmp_path: Path):
    (tmp_path / ".env").write_text("VINK_PORT=8123\n")

    assert config.read().port == 8123


@pytest.mark.parametrize(
    ("given", "named", "advice"),
    [
        ({"VINK_PORT": "chat"}, "VINK_PORT", 'a whole number from 1 to 65535, not "chat"'),
        ({"VINK_HOST": "chat"}, "VINK_HOST", "127.0.0.1"),
        ({"VINK_PORT": "70000"}, "VINK_PORT", "65535"),
        ({"VINK_CONNECTIONS_PER_ADDRESS": "all"}, "VINK_CONNECTIONS_PER_ADDRESS", "a whole number from 10 to 100000"),
        ({"VINK_DATABASE_URL": "sqlite:///"}, "VINK_DATABASE_URL", "sqlite:///data/vink_chat.db"),
        ({"VINK_DATABASE_URL": "sqlite:///:memory:"}, "VINK_DATABASE_URL", "sqlite:///data/vink_chat.db"),
        ({"VINK_PUBLIC_URL": "chat.example.ru"}, "VINK_PUBLIC_URL", "https://"),
        ({"VINK_PUBLIC_URL": "http://[::1"}, "VINK_PUBLIC_URL", "https://"),
        ({"VINK_PUBLIC_URL": "https://chat.example.ru:port"}, "VINK_PUBLIC_URL", "https://"),
        ({"VINK_PUBLIC_URL": "https://example.ru/chat"}, "VINK_PUBLIC_URL", "https://example.ru"),
        ({"VINK_YANDEX_BASE_URL": "https://y.ru/foundationModels/v1"}, "VINK_YANDEX_BASE_URL", "https://y.ru"),
        ({"VINK_DATA": " "}, "VINK_DATA", "data"),
        ({"VINK_SECRET": "x"}, "VINK_SECRET", "16"),
        ({"VINK_TRUSTED_PROXIES": "proxy"}, "VINK_TRUSTED_PROXIES", "127.0.0.1"),
        ({"VINK_DATABASE_URL": "mysql://x"}, "VINK_DATABASE_URL", "postgresql://"),
        ({"VINK_DATABASE_URL": "postgresql://u@db:port/x"}, "VINK_DATABASE_URL", "postgresql://"),
        ({"VINK_REDIS_URL": "redis://cache:port/0"}, "VINK_REDIS_URL", "redis://"),
        ({"VINK_REDIS_URL": "localhost:6379"}, "VINK_REDIS_URL", "redis://"),
        ({"VINK_LOG_LEVEL": "loud"}, "VINK_LOG_LEVEL", "INFO"),
        ({"VINK_YANDEX_API_KEY": "key"}, "VINK_YANDEX_FOLDER_ID", "set both"),
        ({"CATALOG_IDENTIFIER": "folder"}, "VINK_YANDEX_API_KEY", "set both"),
        ({"API_KEY": "key"}, "API_KEY", "CATALOG_IDENTIFIER"),
        ({"VINK_OPENAI_MODEL": "qwen"}, "VINK_OPENAI_BASE_URL", "set both"),
        ({"VINK_ADMIN_LOGIN": "anna"}, "VINK_ADMIN_PASSWORD", "set both"),
        ({"VINK_ADMIN_LOGIN": "anna", "VINK_ADMIN_PASSWORD": "short"}, "VINK_ADMIN_PASSWORD", "longer"),
        ({"VINK_TELEGRAM_BASE_URL": "telegram"}, "VINK_TELEGRAM_BASE_URL", "https://"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str, advice: str
):
    for key, value in given.items():
        monkeypatch.setenv(key, value)

    with pytest.raises(config.SettingsError) as refusal:
        config.read()

    sentence = str(refusal.value)
    assert named in sentence
    assert advice in sentence
    assert "\n" not in sentence


def test_a_secret_that_a_crash_left_empty_is_made_anew(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret").touch()

    made = config.read().secret

    assert len(made) >= 32
    assert config.read().secret == made


def _pieces(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _pieces(part)


def _fields(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        pieces = list(_pieces(field.annotation))
        if not pieces:
            yield f"{kind.__name__}.{name}"
        for piece in pieces:
            yield from _fields(piece)


def _shown() -> Iterator[str]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "shows":
                yield from (str(field.value) for field in node.args if isinstance(field, ast.Constant))


def test_every_field_of_the_preferences_has_a_test_that_shows_what_it_changes():
    fields = {field for kind in preferences.SECTIONS.values() for field in _fields(kind)}
    shown = set(_shown())

    assert shown <= fields, f"no such field: {sorted(shown - fields)}"
    assert fields <= shown, f"write a test marked pytest.mark.shows(…) for {sorted(fields - shown)}"


def test_a_name_that_is_no_setting_is_told_with_the_nearest_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("VINK_TELEGRAM_TOKKEN", "1:x")
    (tmp_path / ".env").write_text("VINK_PROT=8123\nVINK_PORT=8124\nVINK_XYZZY=1\n")

    told = [one for one in config.unknown_names() if "TOKKEN" in one or "PROT" in one or "XYZZY" in one]

    assert told == [
        "VINK_PROT is not a setting and has no effect: did you mean VINK_PORT?",
        "VINK_TELEGRAM_TOKKEN is not a setting and has no effect: did you mean VINK_TELEGRAM_TOKEN?",
        "VINK_XYZZY is not a setting and has no effect.",
    ]


def test_a_secret_that_cannot_be_kept_is_asked_for(tmp_path: Path):
    (tmp_path / "data").write_text("a file where the folder belongs")

    with pytest.raises(config.SettingsError, match="VINK_SECRET"):
        config.read()
