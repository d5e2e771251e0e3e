"""What `make demo` runs: real photographs in colour, and one sheet of before and after."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo", ROOT / "benchmarks/demo.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_demo_colours_real_photographs(demo, tmp_path, capsys) -> None:
    demo.main(["--out", str(tmp_path)])
    said = capsys.readouterr().out
    results = sorted(tmp_path.glob("*.color.jpg"))
    assert len(results) >= 3
    for result in results:
        assert str(result) in said
        with Image.open(result) as coloured:
            assert coloured.mode == "RGB"
    sheet = tmp_path / "before-after.jpg"
    assert str(sheet) in said
    assert " s" in said
    with Image.open(sheet) as page:
        assert page.height > len(results) * demo.SHEET_ROW_PX


def test_the_demo_takes_photographs_of_ones_own(demo, tmp_path, capsys) -> None:
    photo = tmp_path / "mine.gif"
    Image.linear_gradient("L").save(photo)
    demo.main(["--out", str(tmp_path / "out"), str(photo)])
    assert (tmp_path / "out/mine.color.png").is_file()


@pytest.mark.parametrize("names", [("gone.jpg",), ("a/x.jpg", "b/x.jpg")])
def test_the_demo_says_what_is_wrong(demo, tmp_path, names) -> None:
    photos = [str(tmp_path / name) for name in names]
    with pytest.raises(SystemExit, match=r"no file|one name"):
        demo.main(["--out", str(tmp_path / "out"), *photos])
