"""The API against its own description: schemathesis, every check, every call.

    python benchmarks/api_fuzz.py [--examples 500]

Starts a server (with an API key, so that asking without it is tried as well), lets schemathesis
make requests that the description allows and requests that it does not, with the pictures of
`api_pictures.py`, and counts how many calls for pictures ended in 200. Leaves with 1 where a check
failed, or where fewer than 30 % did.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from serving import Serving, served

HERE = Path(__file__).resolve().parent
LEAST_SHARE = 0.3
SEED = 7
KEY = "a-key-of-many-characters"
COUNTED = re.compile(r'^photochrom_requests_total\{call="(.*?)",status="(\d+)"\} (\S+)')

#: A body of the right type may still be no picture: `api_pictures.py` makes cut and huge ones.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "404", "413", "415", "422"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "404", "405", "413", "415", "422"]
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=500, help="a call")
    options = parser.parse_args()
    with served(api_key=KEY) as server:
        code, said = fuzz(server, options.examples)
        counts = answers(server)
    print(said)
    share = share_of_success(counts)
    for (call, status), count in sorted(counts.items()):
        print(f"{call:24} {status} {count:6}")
    print(f"{share:.0%} of the calls with pictures ended in 200 (wanted ≥ {LEAST_SHARE:.0%})")
    return 0 if code == 0 and share >= LEAST_SHARE else 1


def fuzz(server: Serving, examples: int) -> tuple[int, str]:
    """Schemathesis's exit code, and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "schemathesis.toml"
        config.write_text(CONFIG, encoding="utf-8")
        command = [
            *(Path(sys.executable).with_name("schemathesis"), "--config-file", config),
            *("run", f"{server.url}/openapi.json", "--checks", "all"),
            *(
                "--seed",
                str(SEED),
                "--max-examples",
                str(examples),
                "--header",
                f"Authorization: Bearer {KEY}",
            ),
            *("--continue-on-failure", "--no-color", "--suppress-health-check", "all"),
        ]
        ran = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "api_pictures", "PYTHONPATH": _path()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return ran.returncode, ran.stdout


def _path() -> str:
    """Where schemathesis finds the hooks and Photochrom."""
    return os.pathsep.join((str(HERE), str(HERE.parent / "src")))


def answers(server: Serving) -> Counter[tuple[str, str]]:
    """How often each call was answered with each status."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in server.ask("/metrics").body.decode().splitlines():
        if found := COUNTED.match(line):
            counts[found[1], found[2]] += int(float(found[3]))
    return counts


def share_of_success(counts: Counter[tuple[str, str]]) -> float:
    """How many of the calls that take pictures ended in 200."""
    posts = {key: count for key, count in counts.items() if key[0] in POSTS}
    return sum(count for key, count in posts.items() if key[1] == "200") / sum(posts.values())


POSTS = ("/v1/colorize", "/v1/predict", "/v1/restore")


if __name__ == "__main__":
    sys.exit(main())
