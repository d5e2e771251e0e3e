"""The manifest: what became of every picture, in one SQLite file with one writer.

A commit to SQLite's write-ahead log survives a kill of any process, and every result says itself
what it was made from, so that a run which lost its last moments finds them done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Self

from photochrom.archive.names import folder_of, stem_of, stored, unstored
from photochrom.archive.place import lies_below
from photochrom.archive.records import Answer, Entry, State, Task
from photochrom.archive.schema import (
    COLUMNS,
    LIES_IN_TARGET,
    count_up,
    fact,
    in_words,
    open_rows,
)
from photochrom.errors import InputError

PAGE = 1000  # rows held, or written in one transaction

_TAKE = f"""
INSERT INTO pictures (source, stem, mark, bytes, look, state, error, error_kind, settled, folder)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, iif(?7 IS NULL, NULL, 'SetupError'), iif(?7 IS NULL, 0, ?5), ?8)
ON CONFLICT (source) DO UPDATE SET look = ?5, bytes = ?4, mark = ?3, error = coalesce(?7, error),
    state = CASE WHEN mark = ?3 AND ?6 = '{State.TO_DO}' THEN state ELSE ?6 END
"""
_SETTLE = """
UPDATE pictures SET state = :state, mark = coalesce(:mark, mark), result = :result,
    source_sha256 = coalesce(:source_sha256, source_sha256), result_sha256 = :result_sha256,
    result_bytes = :result_bytes, model = :model, model_version = :model_version,
    model_sha256 = :model_sha256, photochrom_version = :photochrom_version, settings = :settings,
    made_from = iif(:result IS NULL, made_from, :source_sha256),
    way = :way, note = :note, error = :error, error_kind = :error_kind, seconds = :seconds,
    worker = :worker, finished = :finished, settled = look
WHERE id = :id
"""


class Manifest:
    """An open manifest, held by this process alone until it is closed.

    Raises `InputError` where another run holds the file or it is no manifest, `SetupError` where
    the machine refuses it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows = open_rows(path)
        self.look = 0  # the number of the last listing, counted over all runs

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def _all(self, query: str, *values: object) -> list[sqlite3.Row]:
        with in_words(self.path):
            return self._rows.execute(query, values).fetchall()

    def belong_to(self, source: str, target: str) -> None:
        """Note whose manifest this is: one without any picture belongs to whoever comes.

        Raises `InputError` where it is another archive's.
        """
        is_begun = bool(self._all("SELECT 1 FROM pictures LIMIT 1"))
        inside = lies_below(str(self.path.absolute().parent), target) == ""
        with in_words(self.path):
            was_moved = inside and fact(self._rows, LIES_IN_TARGET)  # with its target, then
        for key, wanted in (("source", source), ("target", target)):
            with in_words(self.path):
                seen = fact(self._rows, key)
            if is_begun and seen not in (None, wanted) and not (key == "target" and was_moved):
                raise InputError(
                    f"{self.path} is the manifest of another archive: its {key} is {seen}, not "
                    f"{wanted}. Name another file with --manifest"
                )
            self._all("INSERT OR REPLACE INTO archive VALUES (?, ?)", key, wanted)
        self._all("INSERT OR REPLACE INTO archive VALUES (?, ?)", LIES_IN_TARGET, inside)

    def interrupted(self) -> list[str]:
        """The stems of the results that a killed run was about to write."""
        rows = self._all("SELECT stem FROM pictures WHERE state = ?", State.UNDER_WAY)
        return [unstored(row["stem"]) for row in rows]

    def begin_again(self) -> None:
        """What failed, or was under way when a run was killed, is to do again."""
        self._all(
            "UPDATE pictures SET state = ?, alone = 0, deaths = 0 WHERE state IN (?, ?)",
            *(State.TO_DO, State.FAILED, State.UNDER_WAY),
        )

    def take_listing(self, entries: Iterable[Entry]) -> None:
        """Note every file of a new listing; one that changed since the last is to do again."""
        with in_words(self.path):
            self.look = count_up(self._rows, "looks")
            for rows in _pages(_row_of(entry, self.look) for entry in entries):
                self._rows.execute("BEGIN")
                self._rows.executemany(_TAKE, rows)
                self._rows.execute("COMMIT")

    def take_results(self, entries: Iterable[Entry]) -> None:
        """Note which results are there; a picture whose result is gone is to do again."""
        with in_words(self.path):
            for rows in _pages((self.look, stored(entry.name)) for entry in entries):
                self._rows.execute("BEGIN")
                self._rows.executemany("UPDATE pictures SET there = ? WHERE result = ?", rows)
                self._rows.execute("COMMIT")
        self._all(
            "UPDATE pictures SET state = ? WHERE state = ? AND look = ? AND there < ?",
            *(State.TO_DO, State.COLOURED, self.look, self.look),
        )

    def made_otherwise(self, settings: str) -> int:
        """How many results were made with other settings than these."""
        where = "state = ? AND look = ? AND settings <> ?"
        found = self._all(
            f"SELECT count(*) FROM pictures WHERE {where}",
            *(State.COLOURED, self.look, settings),
        )
        return int(found[0][0])

    def make_anew(self, state: State, settings: str) -> None:
        """What settled in `state` with other settings than these is to do again."""
        self._all(
            "UPDATE pictures SET state = ? WHERE state = ? AND settings <> ?",
            *(State.TO_DO, state, settings),
        )

    def tasks(self, *, alone: bool = False) -> Iterator[Task]:
        """What is to do, a page of rows at a time.

        That is the pictures that may share the machine, or with `alone` those that were put off.
        """
        last = 0
        while rows := self._all(
            "SELECT id, source, stem, bytes, made_from, needs FROM pictures"
            " WHERE state = ? AND alone = ? AND look = ? AND id > ? ORDER BY id LIMIT ?",
            *(State.TO_DO, alone, self.look, last, PAGE),
        ):
            for row in rows:
                last = row["id"]
                yield Task(
                    id=last,
                    name=unstored(row["source"]),
                    size_bytes=row["bytes"],
                    siblings=self._siblings(row["stem"], last),
                    made_from=row["made_from"],
                    alone=alone,
                    needs=row["needs"],
                )

    def has_lone_tasks(self) -> bool:
        """Whether anything that was put off is to do."""
        where = "state = ? AND look = ? AND alone = 1 LIMIT 1"
        return bool(self._all(f"SELECT 1 FROM pictures WHERE {where}", State.TO_DO, self.look))

    def _siblings(self, stem: Any, but: int) -> tuple[str, ...]:
        """The other sources whose results have the same name, but for the suffix perhaps."""
        rows = self._all(
            "SELECT source FROM pictures WHERE stem = ? AND look = ? AND id <> ?",
            *(stem, self.look, but),
        )
        return tuple(unstored(row["source"]) for row in rows)

    def begin(self, task: Task) -> None:
        """Note that a task is under way."""
        self._all("UPDATE pictures SET state = ? WHERE id = ?", State.UNDER_WAY, task.id)

    def put_off(self, task_id: int, *, needs: int = 0, died: bool = False) -> int:
        """Note that a picture must wait for the others; how often its worker has died."""
        self._all(
            "UPDATE pictures SET state = ?, alone = 1, needs = ?, deaths = deaths + ? WHERE id = ?",
            *(State.TO_DO, needs, died, task_id),
        )
        return int(self._all("SELECT deaths FROM pictures WHERE id = ?", task_id)[0][0])

    def record(self, answer: Answer) -> None:
        """Note what became of a picture."""
        values = dict(zip((field.name for field in fields(answer)), astuple(answer), strict=True))
        values["result"] = None if answer.result is None else stored(answer.result)
        values["finished"] = datetime.now(UTC).isoformat(timespec="seconds")
        with in_words(self.path):
            self._rows.execute(_SETTLE, values)
            if answer.thumbnail is not None:
                self._rows.execute(
                    "INSERT OR REPLACE INTO thumbnails VALUES (?, ?)",
                    (answer.id, answer.thumbnail),
                )

    def counts(self) -> dict[State, int]:
        """How many pictures of the last listing stand where."""
        rows = self._all(
            "SELECT state, count(*) AS n FROM pictures WHERE look = ? GROUP BY state", self.look
        )
        return {State(row["state"]): row["n"] for row in rows}

    def noted(self, words: str) -> int:
        """How many results of the last listing bear a note with these words."""
        where = "state = ? AND look = ? AND instr(note, ?)"
        values = (State.COLOURED, self.look, words)
        return int(self._all(f"SELECT count(*) FROM pictures WHERE {where}", *values)[0][0])

    def rows(self, where: str = "1", *values: object, order: str = "id") -> Iterator[sqlite3.Row]:
        """The rows of `COLUMNS` that a condition chooses, few at a time."""
        listed = ", ".join(COLUMNS)
        with in_words(self.path):
            found = self._rows.execute(
                f"SELECT id, {listed} FROM pictures WHERE {where} ORDER BY {order}", values
            )
            while some := found.fetchmany(PAGE):
                yield from some

    def folders(self, *, settled_since: int) -> list[str]:
        """The folders with a picture that was settled at that look or later."""
        rows = self._all("SELECT DISTINCT folder FROM pictures WHERE settled >= ?", settled_since)
        return [unstored(row["folder"]) for row in rows]

    def folder_counts(self) -> list[sqlite3.Row]:
        """For each folder of the last listing how many pictures it has, and how many `failed`."""
        return self._all(
            "SELECT folder, count(*) AS n, sum(state = ?) AS failed FROM pictures WHERE look = ?"
            " GROUP BY folder ORDER BY failed > 0 DESC, folder",
            *(State.FAILED, self.look),
        )

    def count_in(self, folder: str) -> int:
        """How many pictures a folder has in the last listing."""
        where = "folder = ? AND look = ?"
        found = self._all(f"SELECT count(*) FROM pictures WHERE {where}", stored(folder), self.look)
        return int(found[0][0])

    def rows_in(self, folder: str) -> Iterator[sqlite3.Row]:
        """The rows of a folder, what failed first, then by name."""
        order = f"state = '{State.FAILED}' DESC, source"
        return self.rows("folder = ? AND look = ?", stored(folder), self.look, order=order)

    def thumbnail(self, picture_id: int) -> bytes | None:
        """The small before and after of a picture."""
        rows = self._all("SELECT jpeg FROM thumbnails WHERE id = ?", picture_id)
        return bytes(rows[0][0]) if rows else None


def _row_of(entry: Entry, look: int) -> tuple[object, ...]:
    state = State.TO_DO if entry.refusal is None else State.FAILED
    return (
        stored(entry.name),
        stored(stem_of(entry.name)),
        entry.mark,
        entry.size_bytes,
        look,
        state,
        entry.refusal,
        stored(folder_of(entry.name)),
    )


def _pages(rows: Iterable[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    remaining = iter(rows)
    while page := list(islice(remaining, PAGE)):
        yield page
