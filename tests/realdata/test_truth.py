"""Real cities' records, declared in place, against figures computed by others: every number, through the commands.

A set is a folder here with ``metrics/`` and ``truth.yaml``, which says where each figure is read; those that have none
stand in ``undeclared.yaml`` with the reason. The records and their
``truth.json`` stay outside the project: in the folder CIVICSTAT_REALDATA names, else ``../shared/realdata``.
"""

from __future__ import annotations

import functools
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from civicstat.cli import main
from civicstat.editions import Edition, Store

ROOT = Path(__file__).parents[2]
REALDATA = Path(os.environ.get("CIVICSTAT_REALDATA") or ROOT.parent / "shared" / "realdata")

LATER = "not_built_yet"
BUILT = "built.json"  # what the build said

Once = Callable[..., Path]
Place = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One number of a KPI, by the keys that lead to it, and the place it should be read from."""

    path: tuple[str, ...]
    truth: Any
    place: Place


class City:
    """A set's project, and its answers from the command line, each asked for once."""

    def __init__(self, declared: Path, once: Once) -> None:
        self.declared, self.map = declared, _map(declared)
        self.root = once(declared.name, self._build)
        self.built = json.loads((self.root / BUILT).read_text("utf-8"))
        self.answers = functools.cache(self._answers)

    def _build(self, root: Path) -> None:
        records = REALDATA / self.map["set"]
        (root / "data").mkdir()
        (root / "metrics").symlink_to(self.declared / "metrics")
        for name, folder in self.map["folders"].items():
            (root / "data" / name).symlink_to(records / folder)
        (root / BUILT).write_text(said(root, "build", "--as-of", self.map["as_of"], "--json"), "utf-8")

    def read(self, place: Place) -> Any:
        if "build" in place:
            found = self.built["datasets"][place.get("dataset", self.map["dataset"])][place["build"]]
            if "file" in place:
                [found] = [file["rows"] for file in found if file["path"].endswith(f"/{place['file']}")]
            return len(found) if isinstance(found, list) else found
        if "members_of" in place:
            return [item["slice"][place["by"]] for item in self.answers(place["members_of"], "all", place["by"])]
        if "chart" in place:
            [chart] = self.edition().charts(place["chart"])
            assert chart.behaviour is not None
            limits: float | None = getattr(chart.behaviour.segments[-1], place["take"])
            return limits
        member = place.get("member", {})
        member = dict([member]) if isinstance(member, list) else member
        readings = self.answers(place["metric"], place["range"], *member)
        [reading] = [item for item in readings if item["period"] == place["period"] and item["slice"] == member]
        value: float | int | None = reading[place.get("take", "value")]
        if place.get("as") == "percent_of_total":
            [total] = self.answers(place["metric"], place["period"])
            return None if value is None else 100 * value / total["value"]
        return value

    @functools.cached_property
    def edition(self) -> Callable[[], Edition]:
        """The edition, opened once."""
        return functools.cache(Store(self.root, office=True).current)

    def _answers(self, metric: str, period: str, *by: str) -> list[dict[str, Any]]:
        split = [word for name in by for word in ("--by", name)]
        answer: list[dict[str, Any]] = json.loads(
            said(self.root, "value", metric, "--period", period, *split, "--json")
        )
        return answer


def said(root: Path, *words: str) -> str:
    """Return what a command prints."""
    with redirect_stdout(io.StringIO()) as printed:
        assert main(["--project", str(root), *words]) == 0
    return printed.getvalue()


def figures(truth: Any, place: Place, path: tuple[str, ...]) -> Iterator[Figure]:
    """Yield every number of a KPI with its place; a number without one fails, and a place without a number too."""
    here = " / ".join(path)
    if "listed_by" in place:
        key, place = place["listed_by"], {name: item for name, item in place.items() if name != "listed_by"}
        truth = {item[key]: {name: value for name, value in item.items() if name != key} for item in truth}
    if not isinstance(truth, Mapping):
        assert not {"each", "fields", "below", "listed_by"} & set(place), (
            f"{here}: a number where truth.yaml expects more below"
        )
        yield Figure(path, truth, {"range": place.get("period"), **place})
        return
    inside = {key: item for key, item in place.items() if key not in ("each", "total", "fields", "below")}
    if "each" in place:
        inside = {**inside, **({"fields": place["fields"]} if "fields" in place else {}), **place.get("below", {})}
        for key, below in truth.items():
            yield from figures(below, {**inside, **_chosen(place, key, truth)}, (*path, key))
        return
    assert set(truth) == set(place.get("fields", ())), f"{here}: truth.yaml and truth.json name different figures"
    for key, below in truth.items():
        yield from figures(below, {**inside, **place["fields"][key]}, (*path, key))


def _chosen(place: Place, key: str, truth: Mapping[str, Any]) -> Place:
    if place["each"] == "period":
        return {"period": key, "range": f"{min(truth)}..{max(truth)}"}
    if place["each"] == "file":
        return {"file": key}
    # Text is trimmed when it is loaded.
    return {} if key == place.get("total") else {"member": {**place.get("member", {}), place["each"]: key.strip()}}


def differs(figure: Figure, found: Any) -> bool:
    """Counts and names are compared exactly, all else to a millionth."""
    if figure.truth is None or found is None:
        return figure.truth is not found
    if isinstance(found, float):
        return bool(abs(found - figure.truth) > 1e-6)
    return bool(found != figure.truth)


def _map(declared: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((declared / "truth.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return read


def _truth(declared: Path) -> dict[str, Any]:
    """Return the set's KPIs by id, none where the records are not on this machine."""
    path = REALDATA / _map(declared)["set"] / "truth.json"
    if not path.is_file():
        return {}
    return {kpi["id"]: kpi["value"] for kpi in json.loads(path.read_text(encoding="utf-8"))["kpis"]}


SETS = sorted(path.parent for path in Path(__file__).parent.glob("*/truth.yaml"))
KPIS = [
    pytest.param(declared, kpi, id=f"{declared.name}-{kpi}")
    for declared in SETS
    for kpi in (sorted(set(_truth(declared)) - set(_map(declared)[LATER])) or ["absent"])
]


@pytest.fixture(scope="module")
def cities(once: Once) -> Any:
    return functools.cache(lambda declared: City(declared, once))


@pytest.mark.slow
@pytest.mark.parametrize(("declared", "kpi"), KPIS)
def test_every_figure_is_the_one_others_computed(declared: Path, kpi: str, cities: Any) -> None:
    truth = _truth(declared)
    if not truth:
        pytest.skip(f"the records are not here: {REALDATA} (CIVICSTAT_REALDATA names another folder)")
    city = cities(declared)
    assert kpi in city.map["kpis"], f"nothing in truth.yaml is compared with `{kpi}`, nor is it named as not built yet"

    asked = list(figures(truth[kpi], city.map["kpis"][kpi], (kpi,)))

    found = [(figure, city.read(figure.place)) for figure in asked if LATER not in figure.place]
    assert [(figure.path, figure.truth, value) for figure, value in found if differs(figure, value)] == []
    assert len(asked) == _numbers(truth[kpi])
    assert found


@pytest.mark.slow
@pytest.mark.parametrize("declared", SETS, ids=lambda path: path.name)
def test_a_number_opens_exactly_the_rows_it_counted(declared: Path, cities: Any) -> None:
    if not _truth(declared):
        pytest.skip(f"the records are not here: {REALDATA} (CIVICSTAT_REALDATA names another folder)")
    edition = Store(cities(declared).root, office=True).current()
    chance = Random(11)
    chosen, every = [], []
    for name, info in edition.catalogue.metrics.items():
        splits = ("", *(item.by for item in info.dimensions))
        held = [reading for by in splits for reading in edition.readings(name, dimension=by) if reading.n]
        small = [item for item in held if item.n and item.n < 3_000 and edition.opens(name, item.slice)]
        chosen += chance.sample(small, min(len(small), 6))
        every += small
    if len(chosen) <= 30:
        chosen = chance.sample(every, min(len(every), 120))  # of few metrics, more of each

    wrong = []
    for item in chosen:
        page = edition.rows(item.metric, item.period, item.slice, limit=(item.n or 0) + 9)
        if not len(page.rows) == page.total == item.n:
            wrong.append((item.metric, item.period, dict(item.slice), len(page.rows), item.n))
    assert wrong == []
    assert len(chosen) > 30


@pytest.mark.parametrize("declared", SETS, ids=lambda path: path.name)
def test_what_is_not_compared_is_a_figure_of_the_set_and_says_what_it_waits_for(declared: Path) -> None:
    mapped, truth = _map(declared), _truth(declared)

    assert set(mapped[LATER]) & set(mapped["kpis"]) == set(), "compared, and named as not built"
    assert [kpi for kpi, reason in mapped[LATER].items() if not reason] == []
    if truth:
        assert {*mapped[LATER], *mapped["kpis"]} - set(truth) == set(), "no such figure in truth.json"


@pytest.mark.slow
def test_two_thirds_of_san_antonios_lines_are_issued_within_one_business_day(cities: Any) -> None:
    """The figure of the design's semantics, 67.36, counts weekends alone: with the country's holidays it is 67.67."""
    declared = Path(__file__).parent / "sanantonio"
    if not _truth(declared):
        pytest.skip(f"the records are not here: {REALDATA} (CIVICSTAT_REALDATA names another folder)")

    found = cities(declared).read({"metric": "in_1_business_day", "period": "all", "range": "all"})

    assert round(found, 2) == 67.36


def test_every_set_is_declared_or_says_what_it_waits_for() -> None:
    undeclared = yaml.safe_load((Path(__file__).parent / "undeclared.yaml").read_text(encoding="utf-8"))
    declared = {_map(path)["set"] for path in SETS}

    assert declared & set(undeclared) == set()
    assert all(undeclared.values())
    if REALDATA.is_dir():
        assert {path.parent.name for path in REALDATA.glob("*/truth.json")} == declared | set(undeclared)


def test_a_figure_that_nobody_reads_is_refused() -> None:
    place = {"period": "all", "fields": {"rows": {"metric": "opened"}}}

    assert [figure.path for figure in figures({"rows": 3}, place, ("kpi",))] == [("kpi", "rows")]
    with pytest.raises(AssertionError, match="name different figures"):
        list(figures({"rows": 3, "ids": 2}, place, ("kpi",)))
    with pytest.raises(AssertionError, match="expects more below"):
        list(figures(3, place, ("kpi",)))


@pytest.mark.parametrize("declared", SETS, ids=lambda path: path.name)
def test_no_figure_of_the_truth_is_written_in_the_declarations(declared: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in declared.rglob("*.yaml")]
    written = {word for text in texts for word in re.findall(r"\d[\d.]*\d", text)}

    figures_of_four_digits = {word for kpi in _truth(declared).values() for word in _words(kpi) if len(word) > 3}
    figures_of_four_digits -= {str(year) for year in range(2000, 2030)}

    assert written & figures_of_four_digits == set()


def _words(truth: Any) -> set[str]:
    inner = truth.values() if isinstance(truth, Mapping) else truth if isinstance(truth, list) else None
    return {str(truth)} if inner is None else {word for below in inner for word in _words(below)}


def _numbers(truth: Any) -> int:
    """Return how many figures there are; of a list of records all but the word each is listed by."""
    if isinstance(truth, list) and all(isinstance(item, Mapping) for item in truth):
        return sum(_numbers(item) - 1 for item in truth)
    return sum(_numbers(below) for below in truth.values()) if isinstance(truth, Mapping) else 1
