"""The catalogue in an edition's file: what was written comes back, and an older product's words do no harm."""

from __future__ import annotations

import json
from pathlib import Path

from civicstat.editions import Store
from civicstat.editions.codec import catalogue_of, catalogue_text


def test_a_catalogue_is_read_as_it_was_written(demo_project: Path) -> None:
    catalogue = Store(demo_project).current().catalogue

    assert catalogue_of(catalogue_text(catalogue)) == catalogue


def test_what_only_another_version_knew_is_left_out(demo_project: Path) -> None:
    catalogue = Store(demo_project).current().catalogue
    body = json.loads(catalogue_text(catalogue))
    for item in (
        body["city"],
        *(entry for kind in ("departments", "metrics", "datasets") for entry in body[kind].values()),
    ):
        item["locale"] = "en-US"

    assert catalogue_of(json.dumps(body)) == catalogue
