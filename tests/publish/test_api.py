from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from civicstat.errors import CivicstatError, Fault
from civicstat.publish import find_readings


def test_a_reading_is_the_same_json_as_on_the_command_line(client: FlaskClient) -> None:
    assert client.get("/api/v1/metrics/on_time").json == [
        {
            "metric": "on_time",
            "period": "2026-10",
            "slice": {},
            "value": 200 / 3,
            "unit": "percent",
            "numerator": 2,
            "denominator": 3,
            "n": 3,
            "complete": True,
            "suppressed": False,
            "status": "no_goal",
            "reason": "No goal has been set",
            "goal": 80,
        }
    ]


def test_a_range_gives_each_period_and_a_missing_value_is_null(client: FlaskClient) -> None:
    found: Any = client.get("/api/v1/metrics/on_time?period=2026-08..2026-09").json

    assert [(item["period"], item["value"], item["goal"]) for item in found] == [
        ("2026-08", None, None),
        ("2026-09", 50, {"low": 3, "high": 5.5}),
    ]


def test_a_withheld_reading_shows_neither_value_nor_parts(client: FlaskClient) -> None:
    found: Any = client.get("/api/v1/metrics/on_time?period=2026-10&by=district").json

    shown = [[item[key] for key in ("slice", "value", "numerator", "denominator", "n", "suppressed")] for item in found]
    assert shown == [
        [{"district": "1"}, 200 / 3, 2, 3, 3, False],
        [{"district": "2"}, None, None, None, None, True],
    ]


def test_a_period_before_all_data_has_no_readings(client: FlaskClient) -> None:
    assert client.get("/api/v1/metrics/on_time?period=1999-01").json == []


GOAL: dict[str, Any] = {
    **{"judge": "month", "to_date": False, "pace": None, "slices": {}, "hold": 1},
    **dict.fromkeys(("from", "until", "set_on", "authority")),
}


def test_the_list_says_what_may_be_asked(client: FlaskClient) -> None:
    assert client.get("/api/v1/metrics").json == [
        {
            "metric": "on_time",
            "title": {"en": "Closed on time"},
            "type": "within",
            "unit": "percent",
            "better": "higher",
            "period": "month",
            "departments": ["code"],
            "dimensions": ["district"],
            "goal": {"low": 3, "high": 5},
            "goals": [
                GOAL | {"plan": {"form": "baseline", "until": "2026-06-30"}, "until": "2026-06-30"},
                GOAL | {"target": {"low": 3, "high": 5}, "from": "2026-07-01", "slices": {"district": {"1": 4}}},
            ],
            "last": "2026-10",
            "readings": "/api/v1/metrics/on_time",
        }
    ]


@pytest.mark.parametrize(
    ("address", "status", "code", "message"),
    [
        ("/api/v1/metrics/<evil>", 404, "no-such-metric", "No metric of that name is published; "),
        ("/api/v1/metrics/on_time?period=<evil>", 400, "bad-period", "The period is not one of 2026-10-14, "),
        ("/api/v1/metrics/on_time?period=0002..9998", 400, "bad-period", "The period is not one of "),
        ("/api/v1/metrics/on_time?period=" + "2" * 201, 400, "bad-request", "The request was not understood."),
        (
            "/api/v1/metrics/on_time?by=<evil>",
            400,
            "no-such-dimension",
            "This metric is not published by that dimension",
        ),
        (
            "/api/v1/metrics/on_time?by=district&by=ward",
            400,
            "no-such-dimension",
            "This metric is not published by that",
        ),
    ],
)
def test_a_wrong_question_gets_a_code_and_no_echo(
    client: FlaskClient, address: str, status: int, code: str, message: str
) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    error = answer.json["error"]  # type: ignore[index]
    assert error["code"] == code
    assert error["message"].startswith(message)
    assert "evil" not in answer.text


def test_the_command_line_is_told_what_there_is_instead(editions: Any) -> None:
    with pytest.raises(CivicstatError) as caught:
        find_readings(editions.current(), "on_tme")
    assert str(caught.value) == (
        "no-such-metric: on_tme\n"
        "  = found:    `on_tme`\n"
        "  = expected: a metric: `on_time`\n"
        "  = help:     did you mean `on_time`?\n"
        "\n"
        "1 problem"
    )
    with pytest.raises(CivicstatError) as caught:
        find_readings(editions.current(), "on_time", by=["ward"])
    assert str(caught.value) == (
        "no-such-dimension: metrics.on_time.dimensions\n"
        "  = found:    `ward`\n"
        "  = expected: one of those declared: `district`\n"
        "\n"
        "1 problem"
    )


def test_a_monitor_learns_whether_the_process_is_up_and_whether_it_has_numbers(
    client: FlaskClient, editions: Any
) -> None:
    ready = {"status": "ready", "edition": "e1", "as_of": "2026-11-01"}
    assert client.get("/readyz").json == {**ready, "behind": False}

    found = "`public.duckdb` cannot be read: /srv/city/public.duckdb is not a database"
    editions.problem = (Fault("bad-edition", "data/editions/e2", found),)
    assert client.get("/readyz").json == {**ready, "behind": True, "reason": "bad-edition: data/editions/e2"}

    editions.edition = None
    assert client.get("/healthz").json == {"status": "up"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"error": {"code": "not-ready", "message": "No edition has been published yet: run civicstat build."}},
    )
