"""The shape of the repository: what the other tests cannot see from inside one layer."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pytest

import tasks
import vendor

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")


def committed() -> list[Path]:
    """Return the files that are in the repository, or would be with the next `git add`."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in sorted(names) if name and (ROOT / name).is_file()]


def locked(name: str) -> dict[str, str]:
    """Return package and version for each line of a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE))


def test_stat_is_a_source_root_and_not_a_package() -> None:
    assert not (ROOT / "stat" / "__init__.py").exists()
    assert [path.name for path in (ROOT / "stat").iterdir() if path.name != "__pycache__"] == ["civicstat"]


@pytest.mark.parametrize(("package", "pin"), [("duckdb", "2.0.0"), ("duckdb-sqlalchemy", "1.5.6.4")])
def test_the_database_and_its_dialect_are_pinned_as_they_were_tried_together(package: str, pin: str) -> None:
    assert f"{package}=={pin}" in PROJECT["project"]["dependencies"]
    assert [locked(lock)[package] for lock in LOCKS] == [pin, pin]
    assert version(package) == pin


def test_what_is_locked_to_test_holds_what_is_locked_to_run() -> None:
    run, test = (locked(lock) for lock in LOCKS)
    assert run.items() <= test.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(lock))
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    pieces = [("/wo", "rk/"), ("/fa", "rm/"), ("/ro", "ot/"), ("/ho", "me/"), ("py", "pi.org"), ("python", "hosted")]
    pieces += [("npm", "js."), ("deb.", "debian"), ("/tm", "p/")]
    needles = [(left + right).encode() for left, right in pieces]
    found = [
        (path.relative_to(ROOT).as_posix(), needle.decode())
        for path in committed()
        for needle in needles
        if needle in path.read_bytes()
    ]
    assert found == []


def test_no_committed_file_is_over_one_mebibyte() -> None:
    assert [path.name for path in committed() if path.stat().st_size > 1024 * 1024] == []


def test_modules_can_be_read_at_one_sitting() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in committed()
        if path.suffix == ".py"
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}
    assert median(lines for name, lines in lengths.items() if name.startswith("stat/")) < 130


def test_what_stands_under_the_pages_imports_nothing_heavy() -> None:
    layers = ("charts", "editions", "publish", "results", "spec", "words")
    code = f"""
import importlib, sys
for name in {layers}:
    importlib.import_module("civicstat." + name)
print([name for name in ("dash", "pandas", "plotly", "shapely", "sqlglot") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_make_and_bootstrap_offer_the_same_commands() -> None:
    targets = re.findall(r"^([a-z]+):.*## (.+)$", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    said = {name: (task.__doc__ or "").lower() for name, task in tasks.TASKS.items()}
    assert {name: text.lower() for name, text in targets if name != "help"} == said


def test_vendored_files_are_those_that_were_recorded() -> None:
    record = json.loads(vendor.RECORD.read_text("utf-8"))
    assert {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in record} == {
        path: entry["sha256"] for path, entry in record.items()
    }


def test_the_vendored_sheet_is_small_and_fetches_only_its_fonts() -> None:
    sheet = (ROOT / "assets" / "uswds-subset.css").read_text("utf-8")
    assert len(gzip.compress(sheet.encode())) <= vendor.LARGEST_SHEET
    fonts = [f'"fonts/public-sans-{weight}.woff2"' for weight in (400, 700)]
    assert re.findall(r"url\(([^)]*)\)", sheet) == fonts


def test_the_vendored_sheet_holds_only_classes_that_a_page_uses() -> None:
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "stat" / "civicstat" / "pages").rglob("*.py"))
    assert {name for name in vendor.CLASSES if not re.search(rf"\b{name}\b(?!-)", pages)} == set()
