"""Saltmarsh: a city with much to hide, and everything that must never be seen of it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicstat.editions import Store, build_edition
from civicstat.pages import create_app
from civicstat.spec import load_project

PRIVATE = "qzprivate"
"""Stands in every private text; nothing shorter, or compressed and coded bytes would hold it by chance."""

CITY = """
name: {en: Saltmarsh, es: Saltmarsh}
languages: [en, es]
time_zone: America/Chicago
fiscal_year: {starts: 07-01, named_by: end}
"""

VISITS = """
datasets:
  visits:
    title: {en: Visits, es: Visitas}
    row: one row is one visit
    source: {file: data/visits.csv}
    key: id
    time: came_on
    as_of: 2026-03-31
    covers: [[2026-01-01, 2026-03-31]]
    columns:
      id:       {from: Id, type: text, required: true}
      came_on:  {from: Came, type: date, required: true}
      clinic:   {from: Clinic, type: text}
      waited:   {from: Waited, type: number}
      patient:  {from: Patient, type: text, sensitive: true}
      remark:   {from: Remark, type: text}
    records: {columns: [id, came_on, clinic, patient, remark], public: [id, came_on, clinic]}
  aid:
    title: {en: Aid paid, es: Ayudas pagadas}
    row: one row is one payment
    source: {file: data/aid.csv}
    time: paid_on
    as_of: 2026-03-31
    covers: [[2026-01-01, 2026-03-31]]
    columns:
      paid_on:  {from: Paid, type: date, required: true}
      district: {from: District, type: text}
      amount:   {from: Amount, type: money}
      person:   {from: Person, type: text, sensitive: true}
"""

DEPARTMENTS = """
departments:
  health: {title: {en: Health, es: Salud}}
metrics:
  visits:
    title: {en: Visits to clinics, es: Visitas a clínicas}
    dataset: visits
    type: simple
    measure: count(*)
    unit: visits
    better: higher
    dimensions: [clinic]
    goal: {target: 20, judge: month}
  waiting:
    title: {en: Median wait, es: Espera mediana}
    dataset: visits
    type: simple
    measure: median(waited)
    unit: minutes
    better: lower
    dimensions: [clinic]
    goal: {target: 30, judge: month}
  aid_paid:
    title: {en: Aid paid to households, es: Ayudas pagadas a hogares}
    dataset: aid
    type: simple
    measure: sum(amount)
    unit: dollars
    better: neither
    dimensions: [district]
    privacy: {min_count: 5}
  aid_mean:
    title: {en: Mean aid, es: Ayuda media}
    dataset: aid
    type: simple
    measure: avg(amount)
    unit: dollars
    better: neither
    dimensions: [district]
    privacy: {min_count: 5}
  quietroom_metric:
    title: {en: Quietroom title, es: Quietroom título}
    dataset: visits
    type: simple
    where: clinic = 'Quietroom clinic'
    measure: count(*)
    unit: visits
    better: neither
    visibility: staff
"""


@dataclass(frozen=True)
class Town:
    """The city's public pages, and the texts that stand in its records or its office file alone."""

    client: FlaskClient
    server: Flask
    root: Path
    secrets: frozenset[bytes]
    metrics: tuple[str, ...]

    def told(self, body: bytes) -> set[bytes]:
        """Return the secrets that stand in an answer."""
        return {secret for secret in self.secrets if secret in body}


@pytest.fixture(scope="session")
def saltmarsh(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The city, built once; tests only read it."""
    root, draw = tmp_path_factory.mktemp("saltmarsh"), random.Random(11)
    visits, aid = ["Id,Came,Clinic,Waited,Patient,Remark"], ["Paid,District,Amount,Person"]
    for number in range(240):
        came = date(2026, 1 + number % 3, 1 + number % 28)
        clinic = ("North", "South", "")[number % 3]
        person = f"Patient{PRIVATE}{number},Remark{PRIVATE}{number}"
        visits.append(f"V{number:04},{came},{clinic},{draw.randrange(5, 90)},{person}")
    visits.append(f"V9999,never,North,5,Patient{PRIVATE}9999,Quarantine{PRIVATE}")
    for number in range(400):
        district = "Fenside" if number % 100 < 3 else ("Upland", "Harbour")[number % 2]
        paid, amount = date(2026, 1 + number % 3, 1 + number % 28), draw.randrange(100_000, 9_000_000) / 100
        aid.append(f"{paid},{district},{amount:.2f},Person{PRIVATE}{number}")
    for name, text in {
        "metrics/city.yaml": CITY,
        "metrics/datasets/all.yaml": VISITS,
        "metrics/departments/health.yaml": DEPARTMENTS,
        "data/visits.csv": "\n".join(visits),
        "data/aid.csv": "\n".join(aid),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build_edition(load_project(root), as_of=date(2026, 3, 31))
    server: Flask = create_app(root).server
    words = {PRIVATE.encode(), b"Quietroom", b"quietroom_metric", str(root).encode()}
    return Town(server.test_client(), server, root, frozenset(words | hidden_numbers(root)), ("visits", "aid_paid"))


def hidden_numbers(root: Path) -> set[bytes]:
    """Return the withheld values, as they would be printed: all digits, rounded, with commas."""
    office = Store(root, office=True).current()
    found = set()
    for name in ("aid_paid", "aid_mean"):
        for item in [*office.readings(name), *office.readings(name, dimension="district")]:
            if item.suppressed and item.value is not None:
                for number in {item.value, item.numerator} - {None}:
                    found |= {f"{number:.2f}", f"{number:,.2f}", f"{number:,.1f}", f"{number:,.0f}"}
    assert len(found) > 10
    return {text.encode() for text in found}
