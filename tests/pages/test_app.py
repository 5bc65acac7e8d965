from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import brotli
import pytest
from dash import Dash
from flask.testing import FlaskClient

from civicstat.errors import EditionError
from civicstat.pages import build_app
from civicstat.pages.bundle import assets_folder
from civicstat.pages.guard import CONTENT_POLICY


def _call(client: FlaskClient, search: object, path: object = "/m/on_time", **changed: object) -> Any:
    body = {
        "output": "..page.children...address.announcement..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "address", "property": "announcement"}],
        "inputs": [{"id": "address", "property": "search", "value": search}],
        "state": [{"id": "address", "property": "pathname", "value": path}],
        "changedPropIds": ["address.search"],
    }
    return client.post("/_dash-update-component", json={**body, **changed})


@pytest.mark.parametrize(
    ("address", "title", "heading"),
    [
        ("/", "Riverbend", "City"),
        ("/d/code", "Code Enforcement - Riverbend", "Department code"),
        ("/m/on_time", "Closed &lt;on&gt; time - Code Enforcement - Riverbend", "Metric on_time"),
        ("/data", "Data - Riverbend", "Data"),
        ("/data/cases", "Code enforcement cases - Data - Riverbend", "Dataset cases"),
        ("/help", "How to read this - Riverbend", "Help"),
        ("/es", "Riverbend", "City"),
        ("/es/", "Riverbend", "City"),
        ("/es/m/on_time", "Cerrados a tiempo - Normas de Vivienda - Riverbend", "Metric on_time"),
    ],
)
def test_each_page_is_whole_in_the_first_answer(client: FlaskClient, address: str, title: str, heading: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    lang = "es" if address.startswith("/es") else "en"
    assert f'<html lang="{lang}">' in answer.text
    assert f"<title>{title}</title>" in answer.text
    assert f"<h1>{heading}</h1>" in answer.text
    assert answer.text.index('href="#main"') < answer.text.index("<h1>") < answer.text.index("<script")


@pytest.mark.parametrize(
    "address", ["/m/none", "/d/none", "/data/none", "/goals/none", "/en/m/on_time", "/fr/", "/m/", "/x" * 400]
)
def test_an_address_without_a_page_is_not_found_and_not_repeated(client: FlaskClient, address: str) -> None:
    answer = client.get(address + "?period=<evil>")

    assert answer.status_code == 404
    assert "<h1>Nowhere</h1>" in answer.text
    assert "evil" not in answer.text
    assert "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_slash_too_many_leads_to_the_page_with_its_state(client: FlaskClient) -> None:
    answer = client.get("/es/m/on_time/?tab=rows&period=2026-10&utm=x")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/es/m/on_time?period=2026-10&tab=rows")


def test_a_value_not_understood_falls_back_and_is_said_without_repeating_it(client: FlaskClient) -> None:
    answer = client.get("/m/on_time?period=evil&by=district&member=9")

    assert answer.status_code == 200
    assert "period= member= misread=period,member" in answer.text
    assert "evil" not in answer.text


def test_the_live_page_draws_the_very_layout_that_was_shown(client: FlaskClient) -> None:
    text = client.get("/m/on_time?period=2026-10").text
    blocks = dict(re.findall(r'<script type="application/json" id="([^"]+)">(.*?)</script>', text))
    layout = json.loads(blocks["page-layout"])
    page, address = layout["props"]["children"]

    assert set(blocks) == {"_dash-config", "page-callbacks", "page-layout"}
    assert page["props"]["id"] == "page"
    assert page["props"]["children"]["props"]["children"][0]["props"]["children"] == "Metric on_time"
    assert (address["props"]["pathname"], address["props"]["search"]) == ("/m/on_time", "?period=2026-10")
    assert json.loads(blocks["page-callbacks"])[0]["prevent_initial_call"] is True
    assert not re.search(r"version|python", blocks["_dash-config"])


def test_the_only_script_is_one_file_of_our_own(client: FlaskClient) -> None:
    text = client.get("/").text
    scripts = re.findall(r"<script(?! type=\"application/json\")[^>]*>", text)
    (source,) = re.findall(r'<script src="([^"]+)" defer>', text)

    assert len(scripts) == 1
    answer = client.get(source, headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(answer.data) < 110_000
    assert client.get("/live.js?v=old").headers["Cache-Control"] == "public, no-cache"


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for address in ("/", "/nowhere", "/healthz", "/live.js", "/assets/favicon.svg", "/api/v1/none"):
        with client.get(address) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"] == CONTENT_POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers
    secure = client.get("/", base_url="https://localhost").headers
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "unsafe-eval" not in CONTENT_POLICY
    assert "script-src 'self';" in CONTENT_POLICY


def test_a_page_is_compressed_as_the_browser_can_read_it(client: FlaskClient) -> None:
    plain = client.get("/").data

    assert brotli.decompress(client.get("/", headers={"Accept-Encoding": "gzip, br"}).data) == plain
    assert gzip.decompress(client.get("/", headers={"Accept-Encoding": "gzip"}).data) == plain
    assert client.get("/", headers={"Accept-Encoding": "br;q=0, identity"}).data == plain


def test_a_page_seen_before_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/m/on_time")
    second = client.get("/m/on_time", headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, second.data) == (304, b"")


def test_a_page_is_drawn_once_for_each_edition_and_state(client: FlaskClient, editions: Any, layouts: Any) -> None:
    for address in ("/m/on_time", "/m/on_time?utm=1", "/m/on_time?tab=time", "/es/m/on_time", "/m/on_time?tab=rows"):
        client.get(address)
    assert layouts.drawn == 3

    editions.edition.id = "e2"
    client.get("/m/on_time")
    assert layouts.drawn == 4


def test_a_changed_address_is_drawn_by_the_server_and_announced(client: FlaskClient) -> None:
    answer = _call(client, "?period=2026-10&by=district&member=2", "/es/m/on_time")

    response = answer.json["response"]
    said = response["page"]["children"]["props"]["children"][2]["props"]["children"]
    assert said == "period=2026-10 member=2 misread="
    assert response["address"]["announcement"] == "Actualizado: Cerrados a tiempo, octubre de 2026, 2"


@pytest.mark.parametrize(
    "changed",
    [
        {"output": "page.children"},
        {"output": "..page.children...secret.data.."},
        {"outputs": [{"id": "secret", "property": "data"}]},
        {"outputs": {}},
        {"inputs": []},
        {"inputs": [{"id": "address", "property": "search", "value": {"a": 1}}]},
        {"inputs": [{"id": "secret", "property": "search", "value": ""}]},
        {"state": [{"id": "address", "property": "pathname", "value": "/" * 4001}]},
        {"changedPropIds": "address.search"},
    ],
)
def test_a_call_no_page_would_make_is_refused_without_repeating_it(client: FlaskClient, changed: Any) -> None:
    answer = _call(client, "", **changed)

    assert (answer.status_code, answer.mimetype) == (400, "application/json")
    assert answer.json == {"error": {"code": "bad-request", "message": "The request was not understood."}}


def test_a_body_that_is_no_json_too_large_or_from_another_site_is_refused(client: FlaskClient) -> None:
    callback = "/_dash-update-component"

    assert client.post(callback, data="x", content_type="application/json").status_code == 400
    assert client.post(callback, data="{}", content_type="text/plain").status_code == 400
    assert client.post(callback, data=b"x" * 2**21, content_type="application/json").status_code == 413
    foreign = client.post(callback, json={}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 400
    assert _call(client, "", "/m/none").status_code == 404
    assert _call(client, "?" + "a" * 2001).status_code == 414


@pytest.mark.parametrize(
    "address", ["/_dash-component-suites/dash/../app.py", "/_reload-hash", "/_favicon.ico", "/_dash-none", "/api/none"]
)
def test_what_dash_offers_and_no_page_uses_is_closed(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert address == "/_favicon.ico" or address == "/_reload-hash" or answer.mimetype == "application/json"


def test_a_fault_in_a_page_is_recorded_and_not_shown(
    client: FlaskClient, layouts: Any, caplog: pytest.LogCaptureFixture
) -> None:
    layouts.fault = RuntimeError("secret path /srv")
    answer = client.get("/es/m/on_time")

    assert answer.status_code == 500
    assert "No se pudo mostrar esta página" in answer.text
    assert "secret" not in answer.text
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [layouts.fault]
    layouts.fault = None
    assert client.get("/es/m/on_time").status_code == 200


def test_without_an_edition_a_page_says_what_to_run(client: FlaskClient, editions: Any) -> None:
    editions.edition = None

    answer = client.get("/m/on_time")
    assert answer.status_code == 503
    assert "<code>civicstat build</code>" in answer.text
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert _call(client, "").json["error"]["code"] == "not-ready"
    with client.get("/assets/favicon.svg") as icon:
        assert icon.status_code == 200


def test_a_page_answers_get_and_nothing_else(client: FlaskClient) -> None:
    assert client.head("/").status_code == 200
    assert client.post("/", data="period=x").status_code == 405
    assert client.get("/?q=" + "a" * 2001).status_code == 414


def test_only_trusted_hosts_are_answered_where_some_are_named(
    editions: Any, layouts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICSTAT_TRUSTED_HOSTS", "stat.riverbend.example, localhost")
    client = _server(build_app(editions, assets_folder(Path("nowhere")), layouts=layouts)).test_client()

    assert client.get("/").status_code == 200
    assert client.get("/", base_url="http://evil.example").status_code == 400


def test_nothing_of_the_office_stays_in_a_cache(editions: Any, layouts: Any) -> None:
    client = _server(build_app(editions, assets_folder(Path("nowhere")), office=True, layouts=layouts)).test_client()

    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_a_project_brings_its_own_look_whole_or_not_at_all(tmp_path: Path) -> None:
    shipped = assets_folder(tmp_path)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "civicstat.css").write_text("", encoding="utf-8")
    assert assets_folder(tmp_path) == shipped
    (tmp_path / "assets" / "uswds-subset.css").write_text("", encoding="utf-8")
    assert assets_folder(tmp_path) == tmp_path / "assets"


def test_an_installation_without_its_assets_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicstat.pages.bundle.files", lambda _: tmp_path / "a" / "b")
    with pytest.raises(EditionError, match="install civicstat again"):
        assets_folder(tmp_path)


@pytest.mark.slow
def test_a_web_worker_carries_no_frame_library_parser_or_traces() -> None:
    # dash.dcc imports plotly's Figure class itself; what costs memory are the traces behind it.
    heavy = ("pandas", "numpy", "sqlglot", "shapely", "plotly.graph_objs._scatter")
    script = f"import sys, civicstat.pages; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_path())
    assert done.stdout == "[]\n"


def _path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "stat")}


def _server(app: Dash) -> Any:
    return app.server
