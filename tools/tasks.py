"""The everyday commands: what `make` and `python tools/bootstrap.py` can be asked for."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import vendor
from browser import in_ci, provide_browser
from environment import PYTHON, ROOT, prepare, script
from said import say


@dataclass(frozen=True)
class Step:
    """One checker, by the name it is known under when it fails."""

    name: str
    command: tuple[str, ...]


STYLE = (
    Step("format", (str(PYTHON), "-m", "ruff", "format", "--check", "--quiet")),
    Step("style", (str(PYTHON), "-m", "ruff", "check", "--quiet")),
    Step("types", (str(PYTHON), "-m", "mypy")),
    Step("layers", (str(script("lint-imports")),)),
)
PYTEST = (str(PYTHON), "-m", "pytest")
PARALLEL = (*PYTEST, "--numprocesses", "auto", "--maxprocesses", "4", "--dist", "worksteal")
"""In as many processes as there are processors; more than four would build more than they save."""
GOLDEN = {
    "tests/compiler": "tests/compiler/golden",
    "tests/spec/test_faults.py": "tests/spec/faults",
    "tests/docs/test_consoles.py": "docs",
}
"""The tests that rewrite what they compare with, and where that stands."""
VECTORS = ("spc_vectors.json", "evaluation_vectors.json")
"""Published cases that the statistics are held against; they are no part of the project."""


def main(arguments: Sequence[str]) -> int:
    """Run the task named first with the rest of the words, and return its exit code."""
    name, *rest = arguments or [""]
    if name not in TASKS:
        listed = "\n".join(f"  {one:<8} {task.__doc__}" for one, task in TASKS.items())
        print(f"python tools/bootstrap.py TASK\n\n{listed}")
        return 0 if name in {"", "help", "-h", "--help"} else 2
    try:
        return TASKS[name](rest)
    except KeyboardInterrupt:
        return 130


def demo(rest: Sequence[str]) -> int:
    """The demonstration city, built and shown at http://127.0.0.1:8050"""
    prepare("run")
    return become("demo", rest)


def serve(rest: Sequence[str]) -> int:
    """The dashboard of this folder's metrics, at http://127.0.0.1:8050"""
    prepare("run")
    return become("serve", rest)


def test(rest: Sequence[str]) -> int:
    """Everything CI runs: style, types, layers, tests, documentation, browser"""
    prepare("test")
    if not provide_browser() and in_ci():
        return 2
    return go_through("test", (*STYLE, Step("tests", (*PARALLEL, *rest))))


def quick(rest: Sequence[str]) -> int:
    """The same without what is slow or needs a browser, for every save"""
    prepare("test")
    return go_through("quick", (*STYLE, Step("tests", (*PARALLEL, "-m", "not slow and not browser", *rest))))


def check(rest: Sequence[str]) -> int:
    """Style, types and layers alone"""
    prepare("test")
    return go_through("check", STYLE)


def golden(rest: Sequence[str]) -> int:
    """Rewrite the golden SQL, faults and console blocks, and show the difference"""
    prepare("test")
    code = subprocess.run((*PYTEST, "--quiet", *GOLDEN, "--update-golden", *rest), cwd=ROOT, check=False)
    subprocess.run(("git", "--no-pager", "diff", "--", *GOLDEN.values()), cwd=ROOT, check=False)
    return code.returncode


def bench(rest: Sequence[str]) -> int:
    """Measure the budgets of docs/architecture.md"""
    prepare("test")
    return subprocess.run((PYTHON, "bench/run.py", *rest), cwd=ROOT, check=False).returncode


def kills(rest: Sequence[str]) -> int:
    """A hundred builds killed at seeded instants, each of which is printed"""
    prepare("test")
    words = (*PYTEST, "-s", "tests/editions/test_crash.py", *rest)
    return subprocess.run(words, cwd=ROOT, check=False, env={**os.environ, "CIVICSTAT_KILLS": "100"}).returncode


def hostile(rest: Sequence[str]) -> int:
    """Ten thousand requests that nobody means well with"""
    prepare("test")
    words = (*PYTEST, "tests/hostile", *rest)
    return subprocess.run(words, cwd=ROOT, check=False, env={**os.environ, "CIVICSTAT_HOSTILE": "10000"}).returncode


def vectors(rest: Sequence[str]) -> int:
    """The published cases of the statistics, or those of the folder named as VECTORS"""
    named, *more = rest or [""]
    folder = Path(named).absolute() if named else ROOT.parent / "shared" / "reference"
    if not any((folder / name).is_file() for name in VECTORS):
        say(f"no cases in {folder}: neither {' nor '.join(VECTORS)}; make vectors VECTORS=DIR names their folder")
        return 2
    prepare("test")
    words = (*PYTEST, "tests/vectors", "-rs", *more)
    return subprocess.run(words, cwd=ROOT, check=False, env={**os.environ, "CIVICSTAT_VECTORS": str(folder)}).returncode


def vendored(rest: Sequence[str]) -> int:
    """Take sheet, fonts and axe from Node packages again (developers)"""
    return vendor.main()


def lock(rest: Sequence[str]) -> int:
    """Write the two hashed locks again (developers; needs uv)"""
    import locks

    return locks.main(rest)


TASKS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "test": test,
    "quick": quick,
    "check": check,
    "golden": golden,
    "serve": serve,
    "bench": bench,
    "kills": kills,
    "hostile": hostile,
    "vectors": vectors,
    "vendor": vendored,
    "lock": lock,
}


def become(command: str, rest: Sequence[str]) -> int:
    """Go on as the installed command, so that stopping one stops the other."""
    words = [str(script("civicstat")), "--project", str(ROOT), command, *rest]
    if os.name == "posix":
        os.execv(words[0], words)
    return subprocess.run(words, check=False).returncode


def go_through(name: str, steps: Sequence[Step]) -> int:
    """Run ``steps`` until one fails; the last line says which, or that all passed."""
    started = time.monotonic()
    for step in steps:
        say(f"{step.name} …")
        code = subprocess.run(step.command, cwd=ROOT, check=False).returncode
        if code:
            say(f"{name} failed at {step.name} (exit code {code})")
            return 1
    names = ", ".join(step.name for step in steps)
    say(f"{name} passed: {names}, in {time.monotonic() - started:.0f} s")
    return 0
