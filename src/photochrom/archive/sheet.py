"""Contact sheets: a page of HTML for each folder of an archive, what failed on top."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from sqlite3 import Row
from urllib.parse import quote

from photochrom.archive.manifest import Manifest
from photochrom.archive.names import shown
from photochrom.archive.records import State
from photochrom.archive.run import Run

FOLDER = "photochrom-report"
PER_PAGE = 200  # pictures, about 3 MB

_STYLE = """
:root{color-scheme:light dark;--line:#8884;--bad:#b3261e}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.35rem;overflow-wrap:anywhere}nav a{margin-right:1rem}
ul.pictures{list-style:none;padding:0;display:grid;gap:1rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,23rem),1fr))}
ul.pictures li{border:1px solid var(--line);border-radius:.5rem;padding:.6rem;overflow:hidden}
img{max-width:100%;height:auto;display:block}
small{opacity:.75;overflow-wrap:anywhere;display:block}
section.failed li{border-color:var(--bad)}section.failed h2{color:var(--bad)}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.3rem;
text-align:left;overflow-wrap:anywhere}td.n{text-align:right}
"""


@dataclass(frozen=True)
class _Page:
    """One page of a folder's sheet."""

    folder: str
    number: int
    pages: int

    @property
    def name(self) -> str:
        """Where it lies below the target."""
        last = "index.html" if self.number == 1 else f"page-{self.number}.html"
        return "/".join(part for part in (FOLDER, "folders", self.folder, last) if part)

    @property
    def up(self) -> str:
        """The way from the page to the target."""
        return "../" * self.name.count("/")


def write_sheets(run: Run) -> str:
    """Write the sheets of all folders where the run has settled something.

    Gives the address of the page that lists them all. A page is held at a time.
    """
    manifest, target = run.manifest, run.target
    for folder in manifest.folders(settled_since=run.first_look):
        count = manifest.count_in(folder)
        pages = -(-count // PER_PAGE)
        rows = manifest.rows_in(folder)
        for number in range(1, pages + 1):
            page = _Page(shown(folder), number, pages)
            some = list(islice(rows, PER_PAGE))
            body = "".join(_page_body(page, some, manifest))
            target.write(page.name, _document(shown(folder) or "(top)", body))
    index = f"{FOLDER}/index.html"
    target.write(index, _document("Contact sheets", "".join(_index_body(manifest))))
    return f"{run.order.target}/{index}"


def _page_body(page: _Page, rows: list[Row], manifest: Manifest) -> Iterator[str]:
    yield f'<p><a href="{page.up}{FOLDER}/index.html">All folders</a></p>'
    if page.pages > 1:
        links = (_Page(page.folder, n, page.pages) for n in range(1, page.pages + 1))
        named = (
            f"<b>{one.number}</b>" if one == page else f'<a href="{_last(one)}">{one.number}</a>'
            for one in links
        )
        yield f"<nav>{' '.join(named)}</nav>"
    failed = [row for row in rows if row["state"] == State.FAILED]
    others = [row for row in rows if row["state"] != State.FAILED]
    for title, kind, some in (("Failed", "failed", failed), ("Pictures", "others", others)):
        if some:
            items = "".join(_item(row, page, manifest) for row in some)
            yield f'<section class="{kind}"><h2>{title}</h2><ul class="pictures">{items}</ul>'
            yield "</section>"


def _last(page: _Page) -> str:
    return page.name.rpartition("/")[2]


def _item(row: Row, page: _Page, manifest: Manifest) -> str:
    name = html.escape(shown(row["source"]).rpartition("/")[2])
    said = row["error"] or row["note"] or (row["state"] if row["state"] != State.COLOURED else "")
    small = f"<small>{html.escape(said)}</small>" if said else ""
    if not row["result"]:
        return f"<li>{name}{small}</li>"
    result = page.up + quote(shown(row["result"]), safe="/")
    thumbnail = manifest.thumbnail(row["id"])
    if thumbnail is None:
        picture = f'<img loading="lazy" src="{result}" alt="{name}, coloured">'
    else:
        encoded = base64.b64encode(thumbnail).decode()
        alt = f"{name}, before and after"
        picture = f'<img src="data:image/jpeg;base64,{encoded}" alt="{alt}">'
    made = f"{row['model']} {row['model_version']}, {row['seconds']:.2f} s"
    link = f'<a href="{result}">{picture}{name}</a>'
    return f"<li>{link}<small>{html.escape(made)}</small>{small}</li>"


def _index_body(manifest: Manifest) -> Iterator[str]:
    yield "<table><thead><tr><th>Folder</th><th>pictures</th><th>failed</th></tr></thead><tbody>"
    for row in manifest.folder_counts():
        folder = shown(row["folder"])
        link = quote("/".join(part for part in ("folders", folder, "index.html") if part))
        yield (
            f'<tr><td><a href="{link}">{html.escape(folder or "(top)")}</a></td>'
            f'<td class="n">{row["n"]}</td><td class="n">{row["failed"] or ""}</td></tr>'
        )
    yield "</tbody></table>"


def _document(title: str, body: str) -> bytes:
    """A whole page that needs nothing else."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>"
    ).encode()
