"""``civicstat dev``: every save is checked, built and shown, and nothing is published."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import civicstat
from civicstat.cli.dev import SHELF, Workshop
from civicstat.cli.dev_pages import DevPages, News
from civicstat.cli.dev_watch import changed_files, look
from civicstat.editions import Store
from civicstat.spec import load_project

METRICS = "metrics/departments/town_hall.yaml"


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Path:
    root = tmp_path / "smallville"
    shutil.copytree(built, root)
    return root


@pytest.fixture
def workshop(town: Path) -> Workshop:
    made = Workshop(town, None, News())
    made.begin()
    return made


def edit(root: Path, old: str, new: str, file: str = METRICS) -> None:
    path = root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    later = time.time_ns() + 10**9  # a save within the clock's tick must be seen too
    os.utime(path, ns=(later, later))


def value(root: Path) -> float | None:
    (reading,) = Store(root, shelf=SHELF).current().readings("closed_in_30_days", period="2023-05")
    return reading.value


def test_it_starts_from_what_is_published_and_computes_nothing(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    published = (workshop.root / "data/editions/current").read_text().strip()

    assert (workshop.news.edition, workshop.news.faults) == (published, "")
    assert capsys.readouterr().err.endswith("s: 0 periods computed\n")
    assert not workshop.step()


def test_a_save_is_built_apart_from_what_is_published(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    root = workshop.root
    published = (root / "data/editions/current").read_text()
    listed = sorted(path.name for path in (root / "data/editions").iterdir())
    before = value(root)
    edit(root, "limit: 30 days", "limit: 31 days")

    assert workshop.step()
    assert before == pytest.approx(100 / 3)
    assert value(root) == pytest.approx(200 / 3)
    assert (root / "data/editions/current").read_text() == published
    assert sorted(path.name for path in (root / "data/editions").iterdir()) == listed
    told = capsys.readouterr().err.splitlines()[-2:]
    assert told[0] == f"changed: {METRICS}"
    assert told[1].endswith(" s: 11 periods computed")


def test_what_is_wrong_is_told_and_the_last_good_edition_stays(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    root, edition = workshop.root, workshop.news.edition
    edit(root, "limit: 30 days", "limit: soon")
    workshop.step()
    wrong = workshop.news.faults

    assert wrong.startswith(f"{METRICS}:41:12: not-a-limit: metrics.closed_in_30_days.limit\n")
    assert wrong in capsys.readouterr().err
    assert workshop.news.edition == edition
    edit(root, "limit: soon", "limit: 30 days")
    workshop.step()
    assert (workshop.news.faults, workshop.news.edition) == ("", edition)


def test_records_that_change_are_loaded_and_those_that_cannot_be_are_told(workshop: Workshop) -> None:
    root = workshop.root
    edit(root, "S02,2023-05-10,2023-06-10", "S02,2023-05-10,2023-05-11", "data/cases.csv")
    assert workshop.step()
    assert value(root) == pytest.approx(200 / 3)

    (root / "data/cases.csv").unlink()
    assert workshop.step()
    assert "data/cases.csv" in workshop.news.faults
    assert value(root) == pytest.approx(200 / 3)


def test_a_metric_whose_query_fails_is_told_and_its_neighbours_are_shown(workshop: Workshop) -> None:
    edit(workshop.root, "where: age > 60", "where: cast(id as integer) > 60")
    workshop.step()
    assert workshop.news.faults.startswith("metric-failed: metrics.open_over_60_days\n")


def test_only_the_last_two_editions_stay_on_its_shelf(workshop: Workshop) -> None:
    root = workshop.root
    for old, new in ((30, 31), (31, 32), (32, 33), (33, 30)):
        edit(root, f"limit: {old} days", f"limit: {new} days")
        workshop.step()

    held = [path.name for path in (root / "data" / SHELF).iterdir() if path.is_dir()]
    assert len(held) == 2
    assert workshop.news.edition in held


def test_without_an_edition_it_builds_one_from_nothing(smallville: Path) -> None:
    workshop = Workshop(smallville, date(2024, 4, 10), News())
    workshop.begin()

    assert workshop.news.edition.startswith("2024-04-10-")
    assert value(smallville) == pytest.approx(100 / 3)
    assert not (smallville / "data/editions/current").exists()


def test_it_looks_at_declarations_and_at_the_records_of_each_dataset(town: Path) -> None:
    project = load_project(town)
    before = look(town, project)
    (town / "metrics/notes.txt").write_text("not a declaration")
    (town / "metrics/more.yaml").write_text("metrics: {}\n")
    (town / METRICS).unlink()

    assert set(before) == {"metrics/city.yaml", "metrics/datasets/cases.yaml", METRICS, "data/cases.csv"}
    assert changed_files(before, look(town, project)) == [METRICS, "metrics/more.yaml"]
    assert changed_files(before, before) == []


def ask(path: str, answer: tuple[str, str, bytes], method: str = "GET") -> tuple[str, dict[str, str], bytes]:
    """Ask a page of an application that gives one answer; return status, headers and body."""
    status, kind, body = answer
    asked: dict[str, Any] = {}
    begun: list[Any] = []

    def application(environ: Any, start: Callable[..., Any]) -> Iterable[bytes]:
        asked.update(environ)
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("ETag", '"1"')])
        return [body]

    news = News()
    news.tell("2024-04-10-000000000000", "wrong <b>")
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_ACCEPT_ENCODING": "br", "HTTP_IF_NONE_MATCH": '"1"'}
    pieces = DevPages(application, news)(environ, lambda *given: begun.extend(given))  # type: ignore[arg-type]
    assert not {"HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"} & set(asked)
    return begun[0], dict(begun[1]), b"".join(pieces)


PAGE = ("200 OK", "text/html; charset=utf-8", b"<html><body>A</body></html>")


def test_a_page_gets_the_script_and_what_is_no_page_stays_as_it_is() -> None:
    _, headers, body = ask("/", PAGE)
    assert body == b'<html><body>A<script src="/_dev/dev.js" defer></script></body></html>'
    assert (headers["Content-Length"], "ETag" in headers) == (str(len(body)), False)

    for answer in (("200 OK", "text/css", b"</body>"), ("304 NOT MODIFIED", "", b"")):
        assert ask("/", answer)[2] == answer[2]
    assert ask("/", PAGE, "HEAD")[1]["Content-Length"] == str(len(PAGE[2]))


def test_the_script_is_told_the_edition_and_what_is_wrong() -> None:
    _, headers, body = ask("/_dev/news", PAGE)
    assert json.loads(body) == {"edition": "2024-04-10-000000000000", "faults": "wrong <b>"}
    assert headers["Cache-Control"] == "no-store"
    assert b"textContent = text" in ask("/_dev/dev.js", PAGE)[2]  # never as markup


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_the_command_serves_what_is_saved_until_it_is_stopped(town: Path, port: int) -> None:
    words = [sys.executable, "-m", "civicstat.cli", "--project", str(town), "dev", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}

    def get(path: str) -> str:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                    return str(answer.read().decode())
            except OSError:
                time.sleep(0.1)
        raise AssertionError("nothing answers")

    def wait(wanted: Callable[[], bool]) -> None:
        for _ in range(600):
            if wanted():
                return
            time.sleep(0.1)
        raise AssertionError("what was saved is not shown")

    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as serving:
        try:
            first = get("/m/closed_in_30_days")
            edition = json.loads(get("/_dev/news"))["edition"]
            edit(town, "title: Cases closed within 30 days", "title: Cases closed in a month")
            wait(lambda: json.loads(get("/_dev/news"))["edition"] != edition)
            wait(lambda: "Cases closed in a month" in get("/m/closed_in_30_days"))
            edit(town, "limit: 30 days", "limit: soon")
            wait(lambda: "not-a-limit" in json.loads(get("/_dev/news"))["faults"])
            still = get("/m/closed_in_30_days")
            serving.send_signal(signal.SIGINT)
            serving.communicate(timeout=120)
        finally:
            serving.kill()

    assert "Cases closed within 30 days" in first
    assert "/_dev/dev.js" in first
    assert "Cases closed in a month" in still
    assert serving.returncode == 0
