"""The two locks: every package with the hashes of its files for every system, and no address."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

from environment import LOCKS, ROOT
from said import say, stop


def main(arguments: Sequence[str]) -> int:
    """Resolve pyproject.toml again; what is locked stays unless ``--upgrade`` is given."""
    uv = shutil.which("uv")
    if uv is None:
        stop("the locks are written by `uv`, which is not on the PATH")
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    for purpose, path in LOCKS.items():
        extra = ("--extra", "dev") if purpose == "test" else ()
        say(f"resolving {path.name}")
        compile_lock(uv, path, requires, (*extra, *arguments))
    return 0


def compile_lock(uv: str, path: Path, requires: Sequence[str], words: Sequence[str]) -> None:
    """Write one lock: the project's dependencies and what builds it, since it is installed without isolation."""
    subprocess.run(
        [
            *(uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"),
            *(
                "--fork-strategy",
                "fewest",
                "--no-header",
                "--no-annotate",
                "--only-binary",
                ":all:",
                "--output-file",
                str(path),
            ),
            *(*words, "pyproject.toml", "-"),
        ],
        cwd=ROOT,
        input="\n".join(requires),
        text=True,
        check=True,
    )
