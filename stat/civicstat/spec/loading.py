"""From the files under ``metrics/`` to a project, or to every fault in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from civicstat.errors import DeclarationError, Fault
from civicstat.period import FiscalYear
from civicstat.spec.checks import RULES, RULES_OF_A_WHOLE
from civicstat.spec.city import MIN_COUNT, read_city, read_languages
from civicstat.spec.cursor import Notes, Value
from civicstat.spec.datasets import read_datasets
from civicstat.spec.department import read_department
from civicstat.spec.events import EVENTS_FILE, read_events
from civicstat.spec.files import SECTIONS, find_files, top_level
from civicstat.spec.metric import Setting
from civicstat.spec.metrics import read_metrics
from civicstat.spec.model import (
    City,
    Department,
    Project,
)
from civicstat.spec.sense import SENSE

__all__ = ["check_files", "check_project", "load_files", "load_project"]


def load_project(root: Path) -> Project:
    """Return what is declared under ``root``; see the package."""
    return _or_raise(*check_project(root))


def load_files(files: Mapping[str, str], root: Path) -> Project:
    """Return what ``files`` declare; see the package."""
    return _or_raise(*check_files(files, root))


def check_project(root: Path) -> tuple[Project | None, list[Fault]]:
    """Return the project and all faults; see the package."""
    notes = Notes()
    return check_files(find_files(root, notes), root, notes)


def check_files(files: Mapping[str, str], root: Path, notes: Notes | None = None) -> tuple[Project | None, list[Fault]]:
    """Return the project that ``files`` declare, None after an error, and all faults in the order of the files."""
    notes = notes or Notes()
    floor = _floor(notes)
    named = _by_section(files, notes)
    city = _city(named["city"], notes, floor, bool(files))
    datasets, scopes = read_datasets(dict(_unique(named["datasets"], "the dataset", notes)))
    setting = Setting(city, datasets, scopes, floor)
    declared = dict(_unique(named["metrics"], "the metric", notes))
    metrics = read_metrics(declared, setting)
    departments: dict[str, Department] = {
        name: read_department(name, value, city, declared)
        for name, value in _unique(named["departments"], "the department", notes)
    }
    text = files.get(EVENTS_FILE)
    events = read_events(text, notes, city.languages, declared, departments) if text is not None else ()
    project = Project(root, city, datasets, departments, metrics, dict(files), events)
    notes.faults += [fault for rule in RULES for fault in rule(project, notes.places)]
    if not _has_error(notes.faults):  # these would take what could not be read for what is not there
        notes.faults += [fault for rule in (*RULES_OF_A_WHOLE, *SENSE) for fault in rule(project, notes.places)]
    faults = sorted(dict.fromkeys(notes.faults), key=_in_order)
    return (None if _has_error(faults) else project), faults


def _or_raise(project: Project | None, faults: list[Fault]) -> Project:
    if project is None:
        raise DeclarationError([fault for fault in faults if fault.level == "error"])
    return project


def _has_error(faults: list[Fault]) -> bool:
    return any(fault.level == "error" for fault in faults)


def _in_order(fault: Fault) -> tuple[str, int, int]:
    return (fault.place.file, fault.place.line, fault.place.column) if fault.place else ("", 0, 0)


def _floor(notes: Notes) -> int:
    """Return the least ``min_count`` in force: 3, which the environment may raise."""
    text = os.environ.get("CIVICSTAT_MIN_COUNT", "")
    if not text:
        return MIN_COUNT
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        notes.add("bad-setting", "CIVICSTAT_MIN_COUNT", None, f"`{text}` in the environment", "a whole number")
        return MIN_COUNT
    return max(MIN_COUNT, int(text))


def _by_section(files: Mapping[str, str], notes: Notes) -> dict[str, list[Value]]:
    named: dict[str, list[Value]] = {section: [] for section in SECTIONS}
    for section, value in top_level(files, notes):
        named[section].append(value)
    return named


def _city(values: list[Value], notes: Notes, floor: int, any_file: bool) -> City:
    if not values:
        if any_file and not notes.faults:
            found, expected = "no city", "`metrics/city.yaml` with `name` and `time_zone`"
            notes.add("missing-key", "city", None, found, expected)
        return City({}, notes.languages, "UTC", FiscalYear())
    for other in values[1:]:
        first = values[0].place
        other.fault(
            "declared-twice", f"one city; it stands already in {first.file}:{first.line}", found="a second city"
        )
    notes.languages = read_languages(values[0])
    notes.places["city"] = values[0].place
    return read_city(values[0], floor)


def _unique(values: list[Value], what: str, notes: Notes) -> list[tuple[str, Value]]:
    """Return the declared things of one kind over all files; a name that stands in two of them is a fault."""
    found: dict[str, Value] = {}
    for section in values:
        for name, value in section.entries():
            if name in found:
                first = notes.places[found[name].path]
                place = section.key_place(name)
                expected = f"each name once; it stands already in {first.file}:{first.line}"
                notes.add("declared-twice", value.path, place, f"{what} `{name}` a second time", expected)
        for name, value in section.names(what):
            if name not in found:
                found[name] = value
    return list(found.items())
