"""Who coloured this: a record in the XMP of every result, honest about the machine."""

from __future__ import annotations

import math
import mmap
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import InputError, SetupError
from photochrom.media import xmp
from photochrom.version import __version__

# IPTC NewsCodes: a picture made of a real one and of what a trained model added.
COMPOSITE_WITH_AI = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
NAMESPACE = "https://photochrom.org/ns/1.0/"
_AROUND = ((b"<x:xmpmeta", b"</x:xmpmeta>"), (b"<rdf:RDF", b"</rdf:RDF>"))


@dataclass(frozen=True)
class Provenance:
    """What a result was made of, by which model, and how."""

    source_sha256: str
    model: str
    model_version: str
    model_sha256: str
    strength: float = 1.0
    options: str = ""
    photochrom_version: str = __version__


PROPERTIES = {  # XMP name, field
    "Model": "model",
    "ModelSHA256": "model_sha256",
    "ModelVersion": "model_version",
    "Options": "options",
    "SourceSHA256": "source_sha256",
    "Strength": "strength",
    "Version": "photochrom_version",
}


def merged_xmp(existing: bytes | None, provenance: Provenance) -> bytes:
    """One XMP packet: what `existing` says, and that a machine coloured the picture.

    An `existing` packet that cannot be read is replaced: `xmp.why_not_mergeable` names why.
    """
    ours = {
        (xmp.IPTC_EXT, "DigitalSourceType"): COMPOSITE_WITH_AI,
        (xmp.IPTC_EXT, "AISystemUsed"): f"Photochrom {provenance.model}",
        (xmp.IPTC_EXT, "AISystemVersionUsed"): provenance.model_version,
    }
    for name, field in PROPERTIES.items():
        ours[NAMESPACE, name] = str(getattr(provenance, field))
    prefixes = {**xmp.PREFIXES, NAMESPACE: "photochrom"}
    return xmp.with_properties(existing, ours, prefixes=prefixes, without=[xmp.THUMBNAILS])


def differences(made: Provenance, wanted: Provenance) -> list[str]:
    """In words, what an existing result was made from that would be made otherwise now.

    A newer Photochrom makes no difference.
    """
    found = []
    if made.source_sha256 != wanted.source_sha256:
        found.append("another picture")
    if made.model_sha256 != wanted.model_sha256:
        found.append(f"model {made.model} {made.model_version}")
    if not math.isclose(made.strength, wanted.strength, abs_tol=1e-6):
        found.append(f"strength {made.strength:g}")
    if made.options != wanted.options:
        found.append(f"options '{made.options}'" if made.options else "other options")
    return found


def read_provenance(source: str | Path | bytes) -> Provenance | None:
    """The record in a picture's XMP, found without decoding the picture; None when it has none.

    Raises `InputError` when there is no such file, `SetupError` when it cannot be read.
    """
    if isinstance(source, bytes):
        return _found_in(source)
    try:
        with (
            Path(source).open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            return _found_in(content)
    except FileNotFoundError as error:
        raise InputError(f"there is no file {source}") from error
    except ValueError:  # an empty file cannot be mapped
        return None
    except OSError as error:
        raise SetupError(f"cannot read {source}: {error.strerror}") from error


def _found_in(content: bytes | mmap.mmap) -> Provenance | None:
    """Scan for packets, as XMP Specification Part 3, 2 allows for any container."""
    at = content.find(NAMESPACE.encode())
    if at < 0:
        return None
    for opening, closing in _AROUND:
        start, end = content.rfind(opening, 0, at), content.find(closing, at)
        if start >= 0 and end >= 0:
            return _said_in(bytes(content[start : end + len(closing)]))
    return None


def _said_in(packet: bytes) -> Provenance | None:
    """What a packet of ours says; what an older or newer version did not say stays empty."""
    said = xmp.properties_in(packet, NAMESPACE)
    if not said:
        return None
    fields = {field: said.get(name, "") for name, field in PROPERTIES.items()}
    try:
        strength = float(fields.pop("strength"))
    except ValueError:
        strength = math.nan
    return Provenance(**fields, strength=strength)
