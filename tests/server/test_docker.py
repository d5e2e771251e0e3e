"""The Dockerfile and the compose file, step by step in a clean tree, without a Docker engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

from serving import READY

ROOT = Path(__file__).resolve().parents[2]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile."""

    stage: str
    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        return json.loads(self.rest) if self.rest.startswith("[") else shlex.split(self.rest)


def steps() -> list[Step]:
    """The instructions, lines joined, with the name of their stage (the last one has none)."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    stage, found = "", []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, rest = line.split(maxsplit=1)
        if name == "FROM":
            stage = rest.partition(" AS ")[2]
        found.append(Step(stage, name, rest))
    return found


def copied(stage: str) -> Iterator[tuple[list[str], str]]:
    """Sources in the tree, and target, of each COPY of a stage."""
    for step in steps():
        if step.stage == stage and step.name == "COPY" and "--from" not in step.rest:
            *sources, target = step.words
            yield sources, target


def environment() -> dict[str, str]:
    """What the last stage sets."""
    [step] = [step for step in steps() if step.stage == "" and step.name == "ENV"]
    return dict(word.split("=", 1) for word in step.words)


@pytest.fixture(scope="module")
def clean_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only what git knows of this copy."""
    tree = tmp_path_factory.mktemp("tree")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    return tree


@pytest.fixture(scope="module")
def site(clean_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The website as the stage `site` builds it: its packages are those that lie here already."""
    packages = ROOT / "web/node_modules"
    if not packages.is_dir():
        pytest.skip("the website's packages are absent: make website gets them")
    root = tmp_path_factory.mktemp("site")
    [workdir] = [step.rest for step in steps() if step.stage == "site" and step.name == "WORKDIR"]
    web = root / workdir.lstrip("/")
    web.mkdir(parents=True)
    for sources, target in copied("site"):
        for source in sources:
            place = clean_tree / source
            into = root / target.lstrip("/") if target.startswith("/") else web / target
            if place.is_dir():
                shutil.copytree(place, into, dirs_exist_ok=True)
            else:
                into = into / place.name if target.endswith("/") else into
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place, into)
    (web / "node_modules").symlink_to(packages)
    runs = [step.rest for step in steps() if step.stage == "site" and step.name == "RUN"]
    assert runs[0].startswith("npm ci")
    for run in runs[1:]:
        environ = {**os.environ, "NODE_ENV": "production"}
        subprocess.run(shlex.split(run), cwd=web, env=environ, check=True, capture_output=True)
    [taken] = [step.words for step in steps() if step.name == "COPY" and "--from=site" in step.rest]
    return root / taken[1].lstrip("/")


@pytest.fixture(scope="module")
def installed(clean_tree: Path, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the stage `wheel` builds it: only from what that stage copies."""
    build = tmp_path_factory.mktemp("build")
    for sources, target in copied("wheel"):
        for source in sources:
            into = build / target / Path(source).name if target == "./" else build / target
            into.parent.mkdir(parents=True, exist_ok=True)
            place = clean_tree / source
            (shutil.copytree if place.is_dir() else shutil.copyfile)(place, into)
    shutil.copytree(site, build / "src/photochrom/server/site", dirs_exist_ok=True)
    folder = build / "installed"
    subprocess.run(
        [*PIP, "install", "-q", "--no-deps", "--no-build-isolation", "--target", folder, build],
        check=True,
    )
    return folder


@pytest.mark.parametrize("stage", ["site", "wheel"])
def test_what_is_copied_is_in_a_clean_tree_and_not_left_out(clean_tree: Path, stage: str) -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    for sources, _ in copied(stage):
        for source in sources:
            assert (clean_tree / source).exists(), source
            assert any(fnmatch(source.split("/")[0], name) for name in allowed), source


def test_it_has_stages_and_the_last_one_builds_nothing() -> None:
    stages = list(dict.fromkeys(step.stage for step in steps()))
    assert stages == ["site", "wheel", ""]
    last = [step for step in steps() if step.stage == ""]
    assert not any(word in step.rest for step in last for word in ("pip install", "npm"))


def test_it_runs_without_rights() -> None:
    [user] = [step.rest for step in steps() if step.name == "USER"]
    assert user not in ("root", "0")
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for wanted in ("read_only: true", "- ALL", "no-new-privileges:true", "127.0.0.1:8000:8000"):
        assert wanted in compose


def test_the_extras_that_it_installs_exist() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [install] = [step.rest for step in steps() if "pip install" in step.rest]
    extras = re.search(r"\.\[(.*?)\]", install)
    assert extras and set(extras[1].split(",")) <= set(project["optional-dependencies"])


def test_what_it_builds_serves_and_its_health_check_says_so(installed: Path) -> None:
    settings = {**os.environ, **environment(), "PYTHONPATH": str(installed)}
    settings |= {"PHOTOCHROM_PORT": "0", "PHOTOCHROM_HOST": "127.0.0.1", "PATH": os.environ["PATH"]}
    [command] = [step.words for step in steps() if step.name == "CMD"]
    assert command[0] == "photochrom"
    start = [sys.executable, "-m", "photochrom.cli.main", *command[1:]]
    process = subprocess.Popen(
        start, env=settings, cwd=installed, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = READY.match(process.stdout.readline())
        assert found
        check = next(step.rest for step in steps() if step.name == "HEALTHCHECK")
        words = json.loads(check[check.index("[") :])
        environ = {**settings, "PHOTOCHROM_PORT": found[2]}
        subprocess.run([sys.executable, *words[1:]], env=environ, check=True, timeout=10)
        with urllib.request.urlopen(f"http://127.0.0.1:{found[2]}/") as page:
            assert b'<div id="root">' in page.read()
        process.terminate()
        assert process.wait(20) in (0, -15)
        refused = subprocess.run(
            [sys.executable, *words[1:]], env=environ, capture_output=True, check=False
        )
        assert refused.returncode != 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
