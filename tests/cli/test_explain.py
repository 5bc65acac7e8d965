"""``civicstat explain``: which rows are in and which are out, as a person and as a program reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Said = Callable[..., tuple[int, str, str]]


def rows_part(out: str) -> str:
    return out.partition("\n\nRows")[2].partition("\n\nDeclared")[0]


def test_explain_tells_each_row_out_with_its_reason_from_what_was_read(said: Said, built: Path) -> None:
    code, out, _ = said(built, "explain", "closed_by_due_day")

    assert code == 0
    assert rows_part(out) == (
        ", any period:\n"
        "    22  read\n"
        "   - 1  duplicates of a key\n"
        "   - 2  in quarantine: not-a-date\n"
        "    19  loaded\n"
        "  - 12  without a date\n"
        "   - 1  ends before it starts\n"
        "   - 1  open and not yet due\n"
        "     5  counted"
    )
    assert "  as of 2024-04-10, complete through 2024-04-10\n" in out


def test_explain_prints_the_query_as_the_engine_asked_for_is_given_it(said: Said, built: Path) -> None:
    _, own, _ = said(built, "explain", "days_to_close")
    code, out, _ = said(built, "explain", "days_to_close", "--engine", "postgresql")

    assert code == 0
    assert "PERCENTILE_CONT" not in own.upper() and "epoch_us" in own.lower()
    assert "percentile_cont(0.5) WITHIN GROUP (ORDER BY" in out and "EXTRACT(EPOCH FROM" in out
    assert rows_part(out) == rows_part(own)


def test_explain_counts_for_a_period_what_its_number_counted(said: Said, built: Path) -> None:
    _, out, _ = said(built, "explain", "days_to_close", "--period", "2023-06")
    _, value, _ = said(built, "value", "days_to_close", "--period", "2023-06", "--json")

    assert rows_part(out).splitlines()[4:] == [
        "    19  loaded",
        "   - 1  dated after what is known",
        "  - 15  dated in another period",
        "   - 1  ends before it starts",
        "     2  counted",
    ]
    assert json.loads(value)[0]["n"] == 2


def test_explain_counts_the_rows_of_each_member(said: Said, built: Path) -> None:
    _, out, _ = said(built, "explain", "closed_in_30_days", "--by", "ward", "--period", "2024-03")

    assert rows_part(out).splitlines() == [
        " loaded, 2024-03:",
        "ward     rows  counted  dated after what is known  dated in another period  open and not yet due",
        "1          10        0                          1                        8                     1",
        "2           8        1                          0                        7                     0",
        "(blank)     1        0                          0                        1                     0",
    ]


def test_explain_gives_the_same_as_json(said: Said, built: Path) -> None:
    code, out, err = said(built, "explain", "fines", "--period", "2023-05", "--json")
    body = json.loads(out)

    assert (code, err, list(body)) == (0, "", ["metric", "counted", "sql", "rows"])
    assert body["rows"] == {
        "period": "2023-05",
        "read": 22,
        "duplicates": 1,
        "quarantined": {"not-a-date": 2},
        "loaded": 19,
        "accounts": [
            {
                "slice": {},
                "rows": 19,
                "counted": 1,
                "out": {"after_clock": 1, "other_period": 15, "no_value": 2},
                "withheld": False,
            }
        ],
    }


def test_explain_without_an_edition_tells_all_but_the_rows(said: Said, smallville: Path) -> None:
    code, out, err = said(smallville, "explain", "fines", "--json")
    asked, _, wants = said(smallville, "explain", "fines", "--period", "2023-05")

    assert (code, json.loads(out)["rows"], err) == (0, None, "")
    assert (asked, wants.partition(":")[0]) == (2, "no-edition")


def test_explain_says_why_it_cannot_count_rows_that_are_read_otherwise_by_now(said: Said, smallville: Path) -> None:
    said(smallville, "build", "--as-of", "2024-04-10")
    dataset = smallville / "metrics/datasets/cases.yaml"
    dataset.write_text(
        dataset.read_text("utf-8").replace("{from: Ward, type: text}", "{from: Ward, type: text, missing: '2'}")
    )
    code, out, err = said(smallville, "explain", "fines")
    asked, _, _ = said(smallville, "explain", "fines", "--period", "2023-05")

    assert (code, "Declared as:" in out, asked) == (0, True, 2)
    assert err == (
        "not-loaded: datasets.cases\n"
        "  = found:    declared otherwise by now\n"
        "  = expected: one that is declared as it was loaded\n"
        "  = help:     run `civicstat build`\n"
        "\n"
        "1 problem\n\n"
    )


def test_explain_of_a_metric_that_fails_says_so_and_shows_its_query(said: Said, smallville: Path) -> None:
    path = smallville / "metrics/departments/town_hall.yaml"
    path.write_text(path.read_text("utf-8").replace("where: age > 60", "where: cast(id as integer) > 60"), "utf-8")
    said(smallville, "build", "--as-of", "2024-04-10")
    code, out, err = said(smallville, "explain", "open_over_60_days")
    asked, _, _ = said(smallville, "explain", "open_over_60_days", "--period", "2024-03")

    assert (code, asked) == (0, 1)
    assert err.startswith("metric-failed: metrics.open_over_60_days\n  = found:    Conversion Error: ")
    assert "CAST(cases.id AS BIGINT)" in out


def test_explain_tells_of_a_private_metric_what_is_counted_and_nothing_of_the_others(
    said: Said, smallville: Path
) -> None:
    city, dataset = smallville / "metrics/city.yaml", smallville / "metrics/datasets/cases.yaml"
    city.write_text(f"{city.read_text('utf-8')}\nprivacy: {{min_count: 5}}\n", "utf-8")
    text = dataset.read_text("utf-8")
    dataset.write_text(text.replace("      public: [id, opened, closed, due_on, ward]\n", ""), "utf-8")
    metrics = smallville / "metrics/departments/town_hall.yaml"
    text = metrics.read_text("utf-8")
    metrics.write_text(text.replace("Cases opened\n", "Cases opened\n    period: year\n", 1), "utf-8")
    said(smallville, "build", "--as-of", "2024-04-10")
    shown = rows_part(said(smallville, "explain", "opened", "--period", "2023")[1])
    hidden = rows_part(said(smallville, "explain", "fines", "--period", "2023-05")[1])
    members = rows_part(said(smallville, "explain", "opened", "--period", "2023", "--by", "ward")[1])

    assert shown.splitlines()[-2:] == [
        "    19  loaded",
        "    12  counted; of the others nothing is told, since small counts are withheld",
    ]
    assert hidden.splitlines() == [" counted, 2023-05:", "counted", "withheld"]
    assert members.splitlines()[1] == "ward     counted"
