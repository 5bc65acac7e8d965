"""The chart library, the chart as a file, and what a page gives a chart to answer with."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from civicstat.pages.bundle import PLOTLY_PATH
from civicstat.pages.guard import CONTENT_POLICY

ROOT = Path(__file__).resolve().parents[2]
VENDORED = ROOT / "assets" / "plotly" / "plotly-basic.min.js.br"


def version(script: str) -> str:
    found = re.match(r"/\*\*\n\* plotly\.js (?:\(basic - minified\) )?v(\d+\.\d+\.\d+)\n", script)
    assert found is not None
    return found[1]


def test_the_chart_library_is_the_version_that_plotly_for_python_holds() -> None:
    own = brotli.decompress(VENDORED.read_bytes()).decode("utf-8")
    shipped = files("plotly").joinpath("package_data", "plotly.min.js").read_text("utf-8")
    wanted = json.loads((ROOT / "tools" / "vendor" / "package.json").read_text("utf-8"))["dependencies"]

    assert version(own) == version(shipped) == wanted["plotly.js-basic-dist-min"]


def test_every_vendored_file_is_the_one_recorded() -> None:
    record = json.loads((ROOT / "tools" / "vendor" / "vendor.json").read_text("utf-8"))

    found = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in record}

    assert found == {path: item["sha256"] for path, item in record.items()}
    assert record["assets/plotly/plotly-basic.min.js.br"]["licence"] == "MIT"
    assert "MIT License" in (ROOT / "assets" / "plotly" / "LICENSE").read_text("utf-8")


def test_the_chart_library_is_sent_compressed_and_kept_for_good(client: FlaskClient) -> None:
    script = client.get("/live.js", headers={"Accept-Encoding": "identity"}).text
    found = re.search(rf'"plotly": "({PLOTLY_PATH}\?v=[0-9a-f]+)"', script)
    assert found is not None

    answer = client.get(found[1], headers={"Accept-Encoding": "br"})

    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.data == VENDORED.read_bytes()
    assert len(answer.data) < 330_000
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
    again = client.get(found[1], headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(PLOTLY_PATH).headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/_dash-component-suites/plotly/package_data/plotly.min.js.map",
        "/_dash-component-suites/plotly/package_data/../package_data/plotly.min.js.gz",
        "/_dash-component-suites/plotly/package_data/",
        "/_dash-component-suites/plotly/package_data/plotly.min.js/",
        "/_dash-component-suites/dash/dcc/dash_core_components.js",
    ],
)
def test_nothing_else_beside_the_chart_library_is_served(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_chart_library_answers_get_alone(client: FlaskClient) -> None:
    assert client.head(PLOTLY_PATH).status_code == 200
    assert client.post(PLOTLY_PATH).status_code == 404


def test_a_chart_is_a_file_at_the_address_of_its_page(client: FlaskClient, layouts: Any) -> None:
    address = "/es/m/on_time/chart.svg?period=2026-10&tab=split&by=district"
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="on_time.svg"'
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
    assert answer.text == "<svg>es on_time 2026-10 split district</svg>"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/m/none", "/fr/m/on_time", "/en/m/on_time", "/d/code", "", "/m/on_time/x"])
def test_where_there_is_no_page_there_is_no_chart(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}/chart.svg?period=<evil>").status_code == 404


def test_a_page_without_a_chart_has_no_file(client: FlaskClient) -> None:
    assert client.get("/m/on_time/chart.svg?tab=how").status_code == 404
    assert client.get("/m/on_time/chart.svg?q=" + "a" * 2001).status_code == 414
