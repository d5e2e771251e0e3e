"""What a run has said so far, read back from its JSON lines: curves, pictures, facts, words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOT_CURVES = ("time", "step")


@dataclass
class Curve:
    """One number over the run: `values` at rising `steps`."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, step: int, value: float) -> None:
        """One more value. Steps from `step` on that are there were of a sitting that was killed
        and are trained again: they are forgotten.
        """
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.values.pop()
        self.steps.append(step)
        self.values.append(value)

    def thinned(self, most: int) -> Curve:
        """At most so many points: means of equal runs of points, at each run's last step.

        >>> Curve([1, 2, 3, 4, 5], [1.0, 3.0, 5.0, 7.0, 9.0]).thinned(3)
        Curve(steps=[2, 4, 5], values=[2.0, 6.0, 9.0])
        """
        run = math.ceil(len(self.steps) / most)
        if run <= 1:
            return self
        starts = range(0, len(self.steps), run)
        parts = [self.values[start : start + run] for start in starts]
        lasts = [min(start + run, len(self.steps)) - 1 for start in starts]
        return Curve([self.steps[i] for i in lasts], [sum(part) / len(part) for part in parts])


@dataclass
class History:
    """A run so far. Lines are added in the order in which they were written."""

    curves: dict[str, Curve] = field(default_factory=dict)
    pictures: dict[str, dict[int, str]] = field(default_factory=dict)  # name → step → file
    facts: dict[str, str] = field(default_factory=dict)
    said: list[tuple[float, str]] = field(default_factory=list)  # (time of day [s], words)
    step: int = 0

    @classmethod
    def read(cls, path: Path) -> History:
        """The history in a file of JSON lines, empty where there is none; torn lines are left out.

        Raises `OSError` where the file is there but cannot be read.
        """
        history = cls()
        if path.exists():
            with path.open("rb") as lines:
                for line in lines:
                    history.add_line(line)
        return history

    def add_line(self, line: bytes) -> None:
        """One line of the file."""
        try:
            self.add(json.loads(line))
        except (ValueError, KeyError, TypeError):
            return  # torn by a full disk or by a kill in the middle of writing, or none of ours

    def add(self, entry: Mapping[str, Any]) -> None:
        """What one line says."""
        if "said" in entry:
            self.said.append((entry["time"], entry["said"]))
        elif "facts" in entry:
            self.facts.update(entry["facts"])
        elif "picture" in entry:
            self._add_picture(entry["picture"], entry["step"], entry["file"])
        elif "step" in entry:
            self.step = entry["step"]
            for name, value in entry.items():
                if name not in NOT_CURVES and is_number(value):
                    self.curves.setdefault(name, Curve()).add(self.step, float(value))

    def _add_picture(self, name: str, step: int, file: str) -> None:
        earlier = self.pictures.get(name, {})
        self.pictures[name] = {at: told for at, told in earlier.items() if at < step} | {step: file}


def is_number(value: object) -> bool:
    """Whether this is a number that a curve can show."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
