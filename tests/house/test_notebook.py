"""docs/train.ipynb runs from its first cell to its last, and shows what it trains."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs/train.ipynb"


@pytest.fixture(scope="module")
def written() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def executed(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """The notebook with the photos of the tests, run in a folder and a process of its own."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    [parameters] = [
        cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())
    ]
    parameters.source = parameters.source.replace('["photos"]', repr([str(photos)]))
    folder = tmp_path_factory.mktemp("notebook")
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    paths = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    client.execute(env=os.environ | {"PYTHONPATH": paths})
    notebook.metadata["folder"] = str(folder)
    return notebook


def shown(notebook: NotebookNode, kind: str) -> list[str]:
    """Everything of a MIME type that the cells show."""
    return [
        output.data[kind]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if kind in output.get("data", {})
    ]


def test_the_notebook_is_kept_without_its_outputs(written: NotebookNode) -> None:
    nbformat.validate(written)
    code = [cell for cell in written.cells if cell.cell_type == "code"]
    assert len(code) >= 6
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_it_begins_with_the_quick_recipe(written: NotebookNode) -> None:
    assert any('RECIPE = "smoke"' in cell.source for cell in written.cells)


def test_it_trains_and_shows_samples_and_a_coloured_photo(executed: NotebookNode) -> None:
    assert len(shown(executed, "image/png")) >= 4  # photos, samples, grey, colour
    folder = Path(executed.metadata["folder"])
    assert len(list((folder / "runs/first").glob("samples-*.png"))) >= 2
    assert (folder / "photo.color.png").is_file()
    assert {path.name for path in (folder / "hub").iterdir()} >= {"model.onnx", "README.md"}


def test_it_tells_how_good_the_model_is(executed: NotebookNode) -> None:
    [table] = [text for text in shown(executed, "text/markdown") if "ΔE2000" in text]
    assert len(table.splitlines()) >= 4
