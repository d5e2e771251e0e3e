"""`photochrom restore` of a whole archive: every original under the name that it had."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from photochrom.archive.names import shown
from photochrom.archive.place import Place, lies_below, open_place
from photochrom.archive.reading import reading
from photochrom.archive.verify import Recorded, recorded
from photochrom.cli.outcome import SOME_FAILED, Outcome, Status, failure
from photochrom.cli.report import Report
from photochrom.cli.run import default_workers
from photochrom.errors import InputError, PhotochromError
from photochrom.media.jpeg_restore import NEW_CODING, has_restore_record, restored
from photochrom.pipeline import in_order

_NO_RECORD = "its original is not in it, since it was not spliced"


def restore_archive(manifest: Path, out: str | None, report: Report, *, overwrite: bool) -> int:
    """Write the originals of all results that a manifest notes below `out`; the exit code.

    Raises `InputError` where `out` is missing, or lies in the archive's own source or target.
    """
    with reading(manifest) as noted, report:
        if out is None:
            raise InputError("a whole archive is given: say where its originals go with -o")
        own = {noted.source, noted.results_at}
        if any(lies_below(out, place) is not None for place in own):
            raise InputError(f"{out} lies in a place of the archive itself: choose another with -o")
        inside = tuple(f"{name}/" for place in own if (name := lies_below(place, out)))
        job = _Job(open_place(noted.results_at), open_place(out), inside, overwrite)
        job.to.try_out()
        counts: Counter[Status] = Counter()
        results = (recorded(row) for row in noted.results())
        for outcome in in_order(job.attempt, results, workers=default_workers()):
            counts[outcome.status] += 1
            report.picture(outcome)
            if outcome.error is not None:
                typer.echo(f"photochrom: {outcome.source}: {outcome.error}", err=True)
    report.total(counts)
    return SOME_FAILED if counts[Status.FAILED] else 0


@dataclass(frozen=True)
class _Job:
    """From where, to where."""

    results: Place
    to: Place
    inside: tuple[str, ...]  # the archive's own places below `to`, where nothing is written
    overwrite: bool

    def attempt(self, noted: Recorded) -> Outcome:
        """What becomes of one original, with the seconds that it took."""
        started = time.perf_counter()
        try:
            outcome = self._restore(noted)
        except PhotochromError as error:
            outcome = failure(shown(noted.name), error)
        return replace(outcome, seconds=time.perf_counter() - started)

    def _restore(self, noted: Recorded) -> Outcome:
        name, original_name = shown(noted.name), Path(shown(noted.source))
        read, _ = self.results.read(noted.name)
        if not has_restore_record(read.encoded):
            return Outcome(name, Status.LEFT_OUT, reason=_NO_RECORD)
        if noted.source.startswith(self.inside):
            raise InputError(
                f"{original_name} would be written into the archive itself. "
                "Choose another place with -o"
            )
        original = restored(read.encoded)
        reason = None if original.is_exact else NEW_CODING
        if self.to.exists(noted.source) and not self.overwrite:
            if self.to.read(noted.source)[0].encoded == original.jpeg:
                return Outcome(name, Status.FINISHED, original_name, "JPEG")
            raise InputError(
                f"{original_name} exists already and is another file. "
                "Choose another place with -o, or replace it with --overwrite"
            )
        self.to.write(noted.source, original.jpeg, modified_ns=read.modified_ns)
        return Outcome(name, Status.RESTORED, original_name, "JPEG", reason=reason)
