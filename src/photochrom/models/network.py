"""A model file ready to paint: ONNX Runtime behind the contract that `photochrom export` keeps.

Input `lightness` (B, 1, H, W) float32 0…100; B, H and W are free. A file that `paints` ab gives
`ab` (B, 2, h, w) CIELAB and, where it chooses among bins, `logits` (B, K, h, w), with the optional
inputs `temperature` (1) and `alpha` (1). One that takes hints has the optional input `hints`
(B, 3, H, W): a*, b* and 1 where a hint holds, else 0. A file that `paints` rgb gives `rgb`
(B, 3, H, W) 0…1.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Floats
from photochrom.errors import InputError, SetupError, WeightsError
from photochrom.models.bins import read_bins
from photochrom.models.catalog import find_model
from photochrom.models.look import read_curve

if TYPE_CHECKING:
    import onnxruntime

MARK = "photochrom.format"  # metadata key that says the file is ours
PAINTS = ("ab", "rgb")  # colour beside the photo's own lightness, or a whole picture
PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}
PACKAGES = {"cuda": "onnxruntime-gpu", "coreml": "onnxruntime", "directml": "onnxruntime-directml"}


@dataclass(frozen=True)
class ModelIdentity:
    """Which model this is: what a result's provenance names."""

    name: str
    version: str
    sha256: str


class Network:
    """A loaded model. Thread-safe: ONNX Runtime sessions may run from many threads at once."""

    def __init__(self, model: str | Path, *, threads: int | None = None, device: str = "auto"):
        path, expected_sha256 = locate(model)
        encoded = read_model(path)
        sha256 = hashlib.sha256(encoded).hexdigest()
        if expected_sha256 is not None and sha256 != expected_sha256:
            raise WeightsError(
                f"The shipped model {path} is damaged: its SHA-256 is {sha256}, not "
                f"{expected_sha256}. Install photochrom again."
            )
        self.session = open_session(encoded, path, threads, device)
        metadata = self.session.get_modelmeta().custom_metadata_map
        seen = why_not_ours(self.session, metadata)
        if seen is not None:
            raise WeightsError(
                f"{path} is an ONNX file, but not a model of ours: {seen}. "
                "Use a file that `photochrom export` wrote, or a name from `photochrom models`."
            )
        self.identity = ModelIdentity(
            metadata.get("name", path.stem), metadata.get("version", "0"), sha256
        )
        self.paints: str = metadata["paints"]
        self.short_side_px = int(metadata["short_side_px"])
        self.inputs = names_of_inputs(self.session)
        self.curve = read_curve(metadata)
        outputs = {entry.name for entry in self.session.get_outputs()}
        # The colours that it chooses among; None where it paints without choosing.
        self.bins = read_bins(metadata) if "logits" in outputs else None

    @property
    def takes_hints(self) -> bool:
        """True where the file has an input for hints of its own."""
        return self.paints == "ab" and "hints" in self.inputs

    @property
    def takes_vividness(self) -> bool:
        """True where the file can paint more cautiously and more vividly."""
        return {"alpha", "temperature"} <= self.inputs

    def paint(
        self, lightness: Floats, *, vividness: float | None = None, hints: Floats | None = None
    ) -> Floats:
        """The colours ab (h, w, 2) of a small picture's lightness (H, W), L* 0…100.

        `vividness` 0…1 is the file's own default without it; `hints` are planes (3, H, W).
        """
        return _last(self._run("ab", lightness, self._settings(vividness, hints)))

    def logits(self, lightness: Floats, *, hints: Floats | None = None) -> Floats:
        """The unscaled log probability of each of `bins`, (K, h, w)."""
        return self._run("logits", lightness, self._settings(None, hints))

    def paint_rgb(self, lightness: Floats) -> NDArray[np.uint16]:
        """The whole picture rgb (h, w, 3), sRGB, of lightness (H, W), where the model paints it."""
        rgb = np.clip(_last(self._run("rgb", lightness, {})), 0, 1) * np.float32(65535)
        levels: NDArray[np.uint16] = np.rint(rgb).astype(np.uint16)
        return levels

    def look_at(self, vividness: float) -> tuple[float, float]:
        """Alpha and temperature of a vividness 0…1.

        Raises `InputError` where that lies outside, or the model has no such choice.
        """
        if not self.takes_vividness:
            raise InputError(
                f"the model {self.identity.name} paints one colour without choosing among several, "
                "so it has no vividness. Use strength, or another model (`photochrom models`)"
            )
        return self.curve.at(vividness)

    def _settings(self, vividness: float | None, hints: Floats | None) -> dict[str, Floats]:
        """The optional inputs that are asked for."""
        settings = {}
        if vividness is not None:
            alpha, temperature = self.look_at(vividness)
            settings["alpha"] = np.array([alpha], np.float32)
            settings["temperature"] = np.array([temperature], np.float32)
        if hints is not None:
            settings["hints"] = hints[None]
        return settings

    def _run(self, wanted: str, lightness: Floats, settings: Mapping[str, Floats]) -> Floats:
        """The output `wanted` of one picture, (channels, h, w)."""
        if wanted in PAINTS and wanted != self.paints:
            raise ValueError(f"{self.identity.name} paints {self.paints}, not {wanted}")
        planes = lightness.astype(np.float32, copy=False)[None, None]
        try:
            (painted,) = self.session.run([wanted], {"lightness": planes, **settings})
        except native_errors() as error:
            raise SetupError(
                f"ONNX Runtime failed at {planes.shape[-1]} × {planes.shape[-2]} px: {error}. "
                "Free some memory, or use --device cpu."
            ) from error
        if not np.isfinite(painted).all():
            raise WeightsError(
                f"The model {self.identity.name} {self.identity.version} paints values that are no "
                "numbers: its training failed. Take another one."
            )
        answer: Floats = painted[0]
        return answer


def _last(planes: Floats) -> Floats:
    """(channels, h, w) → (h, w, channels)."""
    return np.ascontiguousarray(np.moveaxis(planes, 0, -1))


def names_of_inputs(session: onnxruntime.InferenceSession) -> frozenset[str]:
    """Every input; one with a default is an "overridable initializer" to ONNX Runtime."""
    entries = (*session.get_inputs(), *session.get_overridable_initializers())
    return frozenset(entry.name for entry in entries)


def why_not_ours(session: onnxruntime.InferenceSession, metadata: Mapping[str, str]) -> str | None:
    """In words, what a model of ours has and this one lacks; None where it lacks nothing."""
    if MARK not in metadata:
        return f"its metadata lacks {MARK!r}"
    paints = metadata.get("paints")
    if paints not in PAINTS:
        return f"it paints {paints!r}, not {' or '.join(map(repr, PAINTS))}"
    if not metadata.get("short_side_px", "").isdecimal() or metadata["short_side_px"] == "0":
        return f"its short_side_px is {metadata.get('short_side_px')!r}"
    names = [entry.name for entry in (*session.get_inputs(), *session.get_outputs())]
    if names[:1] != ["lightness"] or paints not in names:
        return f"its inputs and outputs are {', '.join(names)}"
    return None


def native_errors() -> tuple[type[Exception], ...]:
    """ONNX Runtime's own exceptions, which share no base."""
    from onnxruntime.capi import onnxruntime_pybind11_state as native

    return tuple(
        kind
        for kind in vars(native).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    )


def locate(model: str | Path) -> tuple[Path, str | None]:
    """The file of a shipped name (with the SHA-256 that it must have) or of a path (None)."""
    text = os.fspath(model)
    if text.lower().endswith(".onnx"):
        return Path(text), None
    path, facts = find_model(text)
    return path, facts.sha256


def read_model(path: Path) -> bytes:
    """The file's bytes; `WeightsError` where it is absent or unreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"The model file {path} cannot be read: {error.strerror}.") from error


def open_session(
    encoded: bytes, path: Path, threads: int | None, device: str
) -> onnxruntime.InferenceSession:
    """An ONNX Runtime session on the wanted device.

    Raises `InputError` for an unknown device, `SetupError` where the device is not to be had,
    `WeightsError` where the bytes are no ONNX model.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only; they are raised as well
    # Threads that spin while they wait take the cores from the merge that follows at once.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if threads is not None:
        if threads < 1:
            raise InputError(f"The number of threads must be 1 or more, not {threads}.")
        options.intra_op_num_threads = threads
    providers = choose_providers(device, onnxruntime.get_available_providers())
    try:
        return onnxruntime.InferenceSession(encoded, options, providers=providers)
    except native_errors() as error:
        raise WeightsError(
            f"{path} cannot be loaded as an ONNX model. Get the file again, or export it anew "
            "with `photochrom export`."
        ) from error


def choose_providers(device: str, available: list[str]) -> list[str]:
    """ONNX Runtime's providers for a device, best first, the CPU behind them."""
    if device == "auto":
        wanted = [PROVIDERS[name] for name in ("cuda", "coreml", "directml")]
        return [name for name in wanted if name in available] + [PROVIDERS["cpu"]]
    if device not in PROVIDERS:
        raise InputError(f"Unknown device {device!r}; one of auto, {', '.join(PROVIDERS)}.")
    if PROVIDERS[device] not in available:
        raise SetupError(
            f"ONNX Runtime has no {device} here (it has {', '.join(available)}). "
            f"Install it with: pip install {PACKAGES[device]}; or use --device cpu."
        )
    return list(dict.fromkeys([PROVIDERS[device], PROVIDERS["cpu"]]))
