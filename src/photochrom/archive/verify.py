"""Whether a result is what it says: its luma its original's own, its original in it, its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from photochrom.archive.names import shown, unstored
from photochrom.archive.place import Place
from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.media.jpeg_proof import luma_difference
from photochrom.media.jpeg_restore import has_restore_record, restored
from photochrom.media.provenance import Provenance, read_provenance


class Finding(StrEnum):
    """What is known of a result."""

    PROVEN = "proven"  # its original is in it, and both have the same luma
    UNCHANGED = "unchanged"  # as the manifest has it; what it was made from is not in it
    UNPROVEN = "unproven"  # it says who made it, and nothing can be compared
    DIFFERS = "differs"
    NOT_CHECKED = "not checked"  # this machine lacks what that takes


@dataclass(frozen=True)
class Verdict:
    """What was found of one result."""

    name: str
    finding: Finding
    words: str
    made: Provenance | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Recorded:
    """What a manifest has noted of a result."""

    name: str
    source: str
    source_sha256: str | None
    result_sha256: str | None
    model_sha256: str | None
    way: str | None


def recorded(row: Any) -> Recorded:
    """What a manifest's row says of its result."""
    return Recorded(
        unstored(row["result"]),
        unstored(row["source"]),
        row["source_sha256"],
        row["result_sha256"],
        row["model_sha256"],
        row["way"],
    )


def verify(encoded: bytes, name: str, noted: Recorded | None = None) -> Verdict:
    """What can be proven of a result's bytes, by themselves and by what a manifest `noted`."""
    sha256 = hashlib.sha256(encoded).hexdigest()
    made = read_provenance(encoded)
    try:
        words = _contradiction(made, sha256, noted)
        if words is not None:
            return Verdict(name, Finding.DIFFERS, words, made, sha256)
        if not has_restore_record(encoded):
            finding = Finding.UNPROVEN if noted is None else Finding.UNCHANGED
            return Verdict(name, finding, "its original is not in it", made, sha256)
        return _proof(encoded, name, made, sha256)
    except PhotochromError as error:
        return Verdict(name, finding_of(error), str(error), made, sha256)


def finding_of(error: PhotochromError) -> Finding:
    """What an error says of a result: nothing, where it is this machine that lacks something."""
    return Finding.NOT_CHECKED if isinstance(error, SetupError) else Finding.DIFFERS


def verify_at(place: Place, noted: Recorded, source: Place) -> Verdict:
    """What can be proven of a result that a manifest noted, where it lies.

    One that does not carry its original is compared with its source, where that is still there.
    """
    name = shown(noted.name)
    try:
        encoded = place.read(noted.name)[0].encoded
    except InputError as error:
        return Verdict(name, Finding.DIFFERS, f"it is missing: {error}")
    except SetupError as error:
        return Verdict(name, Finding.NOT_CHECKED, str(error))
    verdict = verify(encoded, name, noted)
    is_ordinary = verdict.finding is Finding.UNCHANGED and noted.way == "ordinary"
    if is_ordinary and _has_luma_of_source(encoded, noted, source):
        return replace(verdict, finding=Finding.PROVEN, words="luma identical to its source's")
    return verdict


def _has_luma_of_source(encoded: bytes, noted: Recorded, place: Place) -> bool:
    """Whether a JPEG has its source's luma; False too where that source is not there any more."""
    try:
        source = place.read(noted.source)[0].encoded
        if hashlib.sha256(source).hexdigest() != noted.source_sha256:
            return False
        return luma_difference(encoded, source) is None
    except PhotochromError:
        return False


def _contradiction(made: Provenance | None, sha256: str, noted: Recorded | None) -> str | None:
    """In words, what speaks against a result before it is decoded; None where nothing does."""
    if made is None:
        return "it does not say that Photochrom made it"
    if noted is None:
        return None
    if sha256 != noted.result_sha256:
        return (
            "its SHA-256 is not the manifest's: it was changed since. Delete it, and `archive` "
            "makes it anew"
        )
    if made.source_sha256 != noted.source_sha256:
        return f"it says that it was made from another picture than {shown(noted.source)}"
    if made.model_sha256 != noted.model_sha256:
        return f"it was made by another model: {made.model} {made.model_version}"
    return None


def _proof(encoded: bytes, name: str, made: Provenance | None, sha256: str) -> Verdict:
    """The original taken out of the result, known by its hash, and its luma compared."""
    original = restored(encoded)
    own = hashlib.sha256(original.jpeg).hexdigest()
    if made is not None and original.is_exact and own != made.source_sha256:
        words = "the original in it is not the picture that it says it was made from"
        return Verdict(name, Finding.DIFFERS, words, made, sha256)
    if difference := luma_difference(encoded, original.jpeg):
        return Verdict(name, Finding.DIFFERS, difference, made, sha256)
    words = "luma identical, " + (
        "original in it byte for byte"
        if original.is_exact
        else "all coefficients of its original in it"
    )
    return Verdict(name, Finding.PROVEN, words, made, sha256)
