"""Each status has a shape of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from civicstat.charts import shape
from civicstat.charts.shape import SHAPES
from civicstat.results.reading import Status


def test_every_status_has_a_shape_and_no_two_share_one() -> None:
    drawn = {name: shape(name) for name in SHAPES}

    assert set(SHAPES) == {*(status.value for status in Status), "too_few"}  # too few to compare is not privacy
    assert len(set(drawn.values())) == len(drawn)


def test_a_shape_is_hidden_from_those_who_hear_its_word() -> None:
    for status in Status:
        root = ET.fromstring(shape(status.value))
        assert root.get("aria-hidden") == "true"


def test_only_the_scored_statuses_have_a_colour_of_their_own() -> None:
    kinds = {status: kind for status, (kind, _) in SHAPES.items() if kind != "none"}

    assert kinds == {"met": "on", "on_track": "on", "near": "near", "off_track": "off"}
