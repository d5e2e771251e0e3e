"""What the server may do, and how much of it: `PHOTOCHROM_…` in the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from photochrom.errors import InputError

PREFIX = "PHOTOCHROM_"
SHORTEST_KEY = 16  # characters: a key that cannot be guessed in a lifetime
MEGABYTE = 1_000_000

Words = Annotated[tuple[str, ...], NoDecode]  # separated by commas in the environment


class Settings(BaseSettings):
    """The server's settings. Each is `PHOTOCHROM_` and its name in capitals, in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen at; 0.0.0.0 is every one.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen at; 0 takes a free one.")
    models: Words = Field(
        ("flagship",),
        min_length=1,
        description="Models to offer, by name or .onnx file, separated by commas; the first is "
        "what is used where a request names none.",
    )
    device: str = Field("auto", description="What networks run on, as --device of colorize.")
    processes: int = Field(
        0,
        ge=0,
        le=256,
        description="Processes that colour; 0: on a CPU one a core, else the server's own alone.",
    )
    workers: int = Field(
        0,
        ge=0,
        le=256,
        description="Pictures under way at a time in the server's own process, which then is the "
        "only one; 0: one a core, and one more.",
    )
    queue: int = Field(64, ge=0, description="Pictures that may wait; more are answered 429.")
    batch: int = Field(
        8,
        ge=1,
        description="Pictures that the network paints at a time, at most, in the server's own "
        "process.",
    )
    max_upload_mb: float = Field(100, gt=0, description="Largest upload [MB]; larger: 413.")
    max_waiting_mb: float = Field(
        1000, gt=0, description="Uploads held in memory, together [MB]; more are answered 429."
    )
    max_megapixels: float = Field(100, gt=0, description="Largest picture; larger: 413.")
    header_timeout_s: float = Field(
        15, gt=0, description="Time to send a request's head; then cut."
    )
    upload_timeout_s: float = Field(120, gt=0, description="Time to send a picture; then 408.")
    job_timeout_s: float = Field(120, gt=0, description="Time to wait and be coloured; then 503.")
    shutdown_timeout_s: float = Field(
        150, gt=0, description="Time to finish what was taken, after SIGTERM."
    )
    api_key: SecretStr | None = Field(
        None,
        description="Where it is set, pictures are taken only with `Authorization: Bearer KEY`.",
    )
    cors_origins: Words = Field(
        (), description="Other websites whose pages may use the API, separated by commas."
    )

    @field_validator("models", "cors_origins", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        """The words of "a, b"."""
        if isinstance(value, str):
            return tuple(filter(None, (word.strip() for word in value.split(","))))
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not origin.startswith(("http://", "https://")) or origin.count("/") != 2:
                raise ValueError(f"{origin!r} is no origin such as https://example.org")
        return origins

    @field_validator("api_key")
    @classmethod
    def _unguessable(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"a key has {SHORTEST_KEY} characters or more")
        return key

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"

    @property
    def max_upload_bytes(self) -> int:
        """The largest upload [bytes]."""
        return int(self.max_upload_mb * MEGABYTE)

    @property
    def max_waiting_bytes(self) -> int:
        """The uploads held in memory, together [bytes]."""
        return int(self.max_waiting_mb * MEGABYTE)


def read_settings(**given: object) -> Settings:
    """The settings of the environment, those given in their place where they are not None.

    Raises `InputError` for a value that is not allowed, and for a misspelled name.
    """
    refuse_misspelled(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        said = "; ".join(
            f"{PREFIX}{'.'.join(map(str, found['loc'])).upper()}: {found['msg']}"
            for found in error.errors()
        )
        raise InputError(f"a setting of the server is not allowed: {said}") from error


def refuse_misspelled(environment: Mapping[str, str]) -> None:
    """Raise `InputError` for a name that is nearly a setting's: a misspelled key would be no key.

    Names that are like none of ours may be somebody else's, and stay.
    """
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in environment:
        if not name.upper().startswith(PREFIX) or name.upper() in known:
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8)
        if near:
            raise InputError(f"the environment holds {name}, which is no setting: {near[0]}?")
