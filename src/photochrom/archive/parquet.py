"""The manifest as a Parquet file, for whoever asks questions of a million rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from sqlite3 import Row
from typing import Any

from photochrom.archive.names import shown
from photochrom.archive.run import Run
from photochrom.archive.schema import COLUMNS
from photochrom.errors import missing_extra

NAME = "photochrom.parquet"
ROWS = 10_000  # in a row group, and in memory
_NUMBERS = {"bytes": "int64", "result_bytes": "int64", "seconds": "float64"}
_NAMES = ("source", "result")


def upload_parquet(run: Run) -> str:
    """Write the manifest's rows as `NAME` below the target, and give its address.

    Raises `SetupError` without the extra `archive`, or where the target refuses.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise missing_extra("the manifest's Parquet copy", "pyarrow", "archive") from error
    schema = pa.schema([(name, getattr(pa, _NUMBERS.get(name, "string"))()) for name in COLUMNS])
    with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
        path = Path(folder) / NAME
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for some in _pages(run.manifest.rows()):
                writer.write_table(pa.Table.from_pylist(some, schema=schema))
        run.target.upload(path, NAME)
    return f"{run.order.target}/{NAME}"


def _pages(rows: Iterator[Row]) -> Iterator[list[dict[str, Any]]]:
    while page := [_plain(row) for row in islice(rows, ROWS)]:
        yield page


def _plain(row: Row) -> dict[str, Any]:
    """A row with its names as text, whatever bytes they are made of."""
    plain = {name: row[name] for name in COLUMNS}
    return plain | {name: None if row[name] is None else shown(row[name]) for name in _NAMES}
