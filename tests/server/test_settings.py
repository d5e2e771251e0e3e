"""Settings from the environment: what they may be, and what is said of those that may not."""

from __future__ import annotations

import re
import socket
import sys
from pathlib import Path

import pytest

from photochrom.cli.main import main
from photochrom.errors import InputError
from photochrom.server.settings import PREFIX, Settings, read_settings

PAGE = Path(__file__).resolve().parents[2] / "docs/server.md"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_QUEUE", "7")
    monkeypatch.setenv("PHOTOCHROM_MODELS", "flagship, mine.onnx")
    settings = read_settings(port=9000, host=None)
    assert (settings.queue, settings.port, settings.host) == (7, 9000, "127.0.0.1")
    assert settings.models == ("flagship", "mine.onnx")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("QUEUE", "many", "PHOTOCHROM_QUEUE: Input should be a valid integer"),
        ("PORT", "70000", "PHOTOCHROM_PORT"),
        ("API_KEY", "short", "16 characters"),
        ("CORS_ORIGINS", "example.org", "https://example.org"),
        ("MODELS", "", "PHOTOCHROM_MODELS"),
        ("API_KYE", "a-key-of-many-characters", "PHOTOCHROM_API_KEY?"),
    ],
)
def test_a_setting_that_is_not_allowed_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(InputError, match=re.escape(words)):
        read_settings()


def test_others_names_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_SOMETHING_ELSE", "1")
    assert read_settings().queue == 64


def test_the_key_is_not_shown() -> None:
    assert "many-characters" not in repr(Settings(api_key="a-key-of-many-characters"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    assert field.description
    default = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
    shown = "none" if default in (None, "") else str(default)
    row = f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |"
    assert row in PAGE.read_text(encoding="utf-8"), row


def test_a_port_that_is_taken_is_said_in_words(
    capsys: pytest.CaptureFixture[str], unused_port: int
) -> None:
    with socket.create_server(("127.0.0.1", unused_port)):
        assert main(["serve", "--port", str(unused_port)]) == 4
    assert "--port" in capsys.readouterr().err


def test_a_model_that_is_absent_is_said_before_anything_is_served(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["serve", "--port", "0", "--model", "flagshp"]) == 3
    assert "flagship" in capsys.readouterr().err


def test_without_the_extra_its_command_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve"]) == 4
    assert "pip install 'photochrom[api]'" in capsys.readouterr().err


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
