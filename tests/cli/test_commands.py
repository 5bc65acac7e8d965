from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from civicstat.cli import main
from civicstat.editions import build_edition
from civicstat.spec import load_project

Said = Callable[..., tuple[int, str, str]]


def test_check_counts_what_is_declared_where_nothing_is_wrong(said: Said, smallville: Path) -> None:
    assert said(smallville, "check") == (0, "9 metrics, 1 dataset, 1 department: no problems\n", "")


@pytest.fixture
def misspelt(smallville: Path) -> Path:
    path = smallville / "metrics" / "departments" / "town_hall.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("to: closed\n", "to: closd\n", 1), encoding="utf-8")
    return smallville


def test_check_prints_faults_for_people(said: Said, misspelt: Path) -> None:
    code, out, err = said(misspelt, "check")

    assert (code, err) == (1, "more on a code: civicstat check --explain not-a-date-column\n")
    assert out.splitlines()[0].startswith("metrics/departments/town_hall.yaml:")
    assert out.splitlines()[-1] == "1 problem in metric definitions"


def test_check_tells_errors_first_and_gathers_texts_that_lack_a_language(said: Said, misspelt: Path) -> None:
    city = misspelt / "metrics" / "city.yaml"
    text = city.read_text(encoding="utf-8")
    assert "languages: [en]\n" in text
    city.write_text(text.replace("languages: [en]", "languages: [en, es]"), encoding="utf-8")

    code, out, _ = said(misspelt, "check")
    faults = json.loads(said(misspelt, "check", "--format", "json")[1])
    lacking = [fault for fault in faults if fault["code"] == "missing-translation"]

    assert code == 1
    assert out.startswith("metrics/departments/town_hall.yaml:")
    assert "\n\nwarning: missing-translation: " in out
    assert out.splitlines()[-3:] == [
        f"warning: missing-translation: {len(lacking)} texts have no `es`: first metrics/city.yaml:1:7 "
        "… (all: `--format json`)",
        "",
        f"1 problem and {len(lacking)} warnings in metric definitions",
    ]
    assert [fault["level"] for fault in faults] == ["error", *["warning"] * len(lacking)]


@pytest.mark.parametrize(("texts", "lines"), [(3, 3), (4, 1)])
def test_a_few_texts_that_lack_a_language_are_shown_one_by_one(
    said: Said, tmp_path: Path, texts: int, lines: int
) -> None:
    (tmp_path / "metrics").mkdir()
    themes = "".join(f"  theme_{number}: Theme\n" for number in range(texts - 1))
    city = f"name: Here\ntime_zone: UTC\nlanguages: [en, es]\nthemes:\n{themes}"
    (tmp_path / "metrics" / "city.yaml").write_text(city, encoding="utf-8")

    code, out, _ = said(tmp_path, "check")

    assert (code, out.count("missing-translation")) == (0, lines)
    assert f"\n\n{texts} warnings in metric definitions\n" in out


def test_check_prints_faults_for_programs(said: Said, misspelt: Path) -> None:
    code, out, _ = said(misspelt, "check", "--format", "json")
    (fault,) = json.loads(out)

    assert code == 1
    assert list(fault) == ["level", "code", "path", "file", "line", "column", "found", "expected", "help", "page"]
    assert fault["page"] == "docs/faults.md#not-a-date-column"
    assert (fault["level"], fault["path"]) == ("error", "metrics.closed_in_30_days.to")


def test_check_prints_faults_for_code_scanners(said: Said, misspelt: Path) -> None:
    code, out, _ = said(misspelt, "check", "--format", "sarif")
    scan = json.loads(out)
    (result,) = scan["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]

    assert (code, scan["version"]) == (1, "2.1.0")
    assert [rule["id"] for rule in scan["runs"][0]["tool"]["driver"]["rules"]] == [result["ruleId"]]
    assert place["artifactLocation"]["uri"] == "metrics/departments/town_hall.yaml"
    assert result["message"]["text"].startswith("metrics.closed_in_30_days.to: found: ")


def test_what_code_scanners_read_has_all_that_their_format_requires(said: Said, misspelt: Path) -> None:
    """The members that SARIF 2.1.0 requires (OASIS, appendix of the schema), and the forms it fixes."""
    (misspelt / "metrics/departments/a b.yaml").write_text("metrcs: {}\nmetrics:\n", encoding="utf-8")
    scan = json.loads(said(misspelt, "check", "--format", "sarif")[1])
    (run,) = scan["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert (scan["version"], scan["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    assert run["tool"]["driver"]["name"] == "civicstat"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [list(rule) for rule in rules] == [["id", "shortDescription", "fullDescription", "help"]] * 3
    assert all(rule[name]["text"] for rule in rules for name in ("shortDescription", "fullDescription", "help"))
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert region["startLine"] >= 1
        assert 1 <= region["startColumn"] < region["endColumn"]
        assert re.fullmatch("[A-Za-z0-9_./%-]+", place["artifactLocation"]["uri"])
    assert "metrics/departments/a%20b.yaml" in str(run["results"])


def test_a_code_is_explained_with_an_example_and_its_mend(said: Said, tmp_path: Path) -> None:
    code, out, err = said(tmp_path, "check", "--explain", "same-column")

    assert (code, err) == (0, "")
    assert out == (
        "same-column\n\n"
        "A time is measured from a column to the same column: it would always be 0.\n\n"
        "```yaml\n# in the metric\ntype: duration\nfrom: opened_on\nto: opened_on\nmeasure: avg(elapsed)\n```\n\n"
        "mended:\n\n"
        "```yaml\n# in the metric\ntype: duration\nfrom: opened_on\nto: closed_on\nmeasure: avg(elapsed)\n```\n"
    )


def test_a_code_that_there_is_not_is_corrected(said: Said, tmp_path: Path) -> None:
    code, out, err = said(tmp_path, "check", "--explain", "same-colum")

    assert (code, out, err.partition("\n")[0]) == (1, "", "no-such-code: --explain")
    assert "did you mean `same-column`?" in err


def test_build_prints_what_was_built_and_as_json_the_manifest(said: Said, smallville: Path) -> None:
    code, out, err = said(smallville, "build", "--as-of", "2024-04-10")
    again, manifest, _ = said(smallville, "build", "--as-of", "2024-04-10", "--json")
    edition = json.loads(manifest)["id"]

    assert (code, again, err) == (0, 0, "")
    assert out == (
        f"edition {edition}: 9 metrics, 450 readings\n"
        "  computed: all 90 periods of 9 metrics\n"
        "  cases: read 22, loaded 19, duplicates 1, quarantined 2, as of 2024-04-10\n"
        "    not-a-date 2, first data/cases.csv record 21, column opened\n"
    )
    assert json.loads(manifest)["already_built"]
    assert said(smallville, "build", "--as-of", "2024-04-10")[1].splitlines()[0] == (
        f"edition {edition}: 9 metrics, 450 readings; already built, published again"
    )


def test_build_says_how_much_it_computed_and_why(said: Said, smallville: Path) -> None:
    said(smallville, "build", "--as-of", "2024-04-10")
    records = smallville / "data" / "cases.csv"
    lines = records.read_text(encoding="utf-8").splitlines(keepends=True)
    records.write_text("".join([*lines[:2], *lines[3:]]), encoding="utf-8")

    code, out, _ = said(smallville, "build", "--as-of", "2024-04-10")

    assert code == 0
    # A case opened in May 2023 and closed in June: a month of seven metrics, two of the flows of a stock, and the
    # twelve ends from May on of a stock by age.
    assert out.splitlines()[1] == "  computed: 21 periods (records changed), 69 as before"


def test_build_says_which_metric_failed_and_publishes_the_others(said: Said, smallville: Path) -> None:
    path = smallville / "metrics" / "departments" / "town_hall.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("where: age > 60", "where: cast(id as integer) > 60", 1), encoding="utf-8")

    code, out, err = said(smallville, "build", "--as-of", "2024-04-10")

    assert code == 0
    assert out.splitlines()[0].endswith(": 9 metrics, 426 readings, 1 failed")
    assert err.startswith("warning: metric-failed: metrics.open_over_60_days\n  = found:    Conversion Error: ")
    assert err.endswith("  = help:     `civicstat explain open_over_60_days` shows its SQL\n\n1 warning\n")
    assert json.loads(said(smallville, "value", "open_over_60_days", "--json")[1])[0]["status"] == "failed"


def test_build_says_what_is_wrong_with_a_file_and_keeps_the_edition(said: Said, smallville: Path) -> None:
    said(smallville, "build", "--as-of", "2024-04-10")
    (smallville / "data" / "cases.csv").unlink()

    code, out, err = said(smallville, "build", "--as-of", "2024-04-11")

    assert (code, out) == (1, "")
    assert err.endswith("1 problem in sources\n")
    assert said(smallville, "value", "opened", "--period", "all")[0] == 0


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30"])
def test_a_day_that_is_none_is_refused(said: Said, smallville: Path, day: str) -> None:
    code, out, err = said(smallville, "build", "--as-of", day)

    assert (code, out) == (1, "")
    assert f"`{day}` is not a day like 2026-10-31" in err


def test_editions_are_listed_with_the_current_one_marked(said: Said, smallville: Path) -> None:
    nothing = said(smallville, "editions", "list")
    for day in ("2024-04-10", "2024-04-11"):
        said(smallville, "build", "--as-of", day)
    code, out, _ = said(smallville, "editions")
    lines = [line.split() for line in out.splitlines()]

    assert nothing == (0, "", "no editions yet: run `civicstat build`\n")
    assert code == 0
    assert [(line[0][:10], line[1], line[-1]) for line in lines[1:]] == [
        ("2024-04-11", "2024-04-11", "current"),
        ("2024-04-10", "2024-04-10", "9"),
    ]


def test_editions_are_listed_by_when_they_were_published_whatever_their_day(said: Said, smallville: Path) -> None:
    project = load_project(smallville)
    for hour, day in enumerate((date(2024, 4, 11), date(2024, 4, 10), date(2024, 4, 11))):
        build_edition(project, as_of=day, published_at=datetime(2024, 5, 1, hour, tzinfo=UTC))

    lines = [line.split() for line in said(smallville, "editions")[1].splitlines()]

    assert [(line[1], line[2][11:16], line[-1]) for line in lines[1:]] == [
        ("2024-04-10", "01:00", "9"),
        ("2024-04-11", "00:00", "current"),
    ]


@pytest.mark.parametrize("words", [["lst"], ["list", "all"], ["compare", "A"], ["prune", "all"]])
def test_editions_takes_no_other_word(said: Said, built: Path, words: list[str]) -> None:
    code, out, err = said(built, "editions", *words)

    assert (code, out) == (1, "")
    assert err.startswith(
        f"usage: civicstat editions\n  = found:    `{' '.join(words)}`\n"
        "  = expected: `list`, `compare A B`, `prune`, or nothing\n"
    )


def test_explain_tells_the_words_the_records_the_declaration_and_the_query(said: Said, smallville: Path) -> None:
    code, out, err = said(smallville, "explain", "closed_in_30_days")

    assert (code, err) == (0, "")
    assert out.startswith(
        "closed_in_30_days: Cases closed within 30 days\n"
        "\n"
        "By month, from the date in “opened”.\n"
        "In time: from “opened” to “closed” in 30 days or less.\n"
        "A record still open is late once its limit has passed; before that it is left out.\n"
        "Records that end before they start are set aside.\n"
        "\n"
        "Goal: at least 75 %, judged by month\n"
        "\n"
        "Records: cases (Cases), from data/cases.csv\n"
        "Departments: town_hall\n"
        "Worked examples: 0\n"
        "\n"
        "Declared as:\n"
        "closed_in_30_days:\n"
        "  title: Cases closed within 30 days\n"
    )
    assert "FROM cases" in out
    assert "fine" not in out


def test_a_new_city_passes_its_own_check_and_examples_and_can_be_built_at_once(said: Said, tmp_path: Path) -> None:
    city = tmp_path / "city"
    made = said(tmp_path, "init", str(city))
    results = {command: said(city, command) for command in ("check", "test", "build")}

    assert made[0] == 0
    assert made[1].endswith(
        f"\n\nnext, in {city}:\n  civicstat check\n  civicstat test\n  civicstat build\n  civicstat serve\n"
    )
    assert results["check"] == (0, "2 metrics, 1 dataset, 1 department: no problems\n", "")
    assert results["test"] == (0, "ok    requests_opened: 2 values\nok    closed_in_10_days: 1 value\n", "")
    assert results["build"][0] == 0
    assert said(city, "value", "closed_in_10_days", "--period", "2026-01")[0] == 0


def test_a_new_city_is_not_written_over_files(said: Said, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")

    assert said(tmp_path, "init", str(tmp_path)) == (
        1,
        "",
        f"not-empty: {tmp_path}\n"
        "  = found:    files that would stand in the way\n"
        "  = expected: an empty folder\n"
        "\n"
        "1 problem\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


EXAMPLE = """    tests:
      - rows:
          - {opened: 2024-02-01, closed: 2024-03-02}
          - {opened: 2024-02-01}
          - {opened: 2024-02-01, closed: 2024-03-03}
        as_of: 2024-04-10
        expect: {2024-02: %s}
"""


@pytest.mark.parametrize(
    ("expected", "found"),
    [("33%", None), ("33.3%", None), ("33.4%", "33.33333 %"), ("null", "33.3333 %")],
)
def test_worked_examples_are_compared_at_the_decimals_printed(
    said: Said, smallville: Path, expected: str, found: str | None
) -> None:
    path = smallville / "metrics" / "departments" / "town_hall.yaml"
    text = path.read_text(encoding="utf-8")
    goal = "    goal: {target: 75%, near: 10 points, judge: month}\n"
    path.write_text(text.replace(goal, goal + EXAMPLE % expected, 1), encoding="utf-8")

    code, out, err = said(smallville, "test")

    assert err == ""
    assert code == (1 if found else 0)
    if found is None:
        assert out == "ok    closed_in_30_days: 1 value\n"
    else:
        lines = out.splitlines()
        assert lines[0] == "FAIL  closed_in_30_days: 1 value, 1 not as expected"
        assert "example-differs: metrics.closed_in_30_days.tests[0].expect.2024-02" in lines[2]
        assert [line.strip() for line in lines if "= found" in line] == [f"= found:    {found}"]
        assert lines[-1] == "1 problem in worked examples"


def test_serve_refuses_a_port_that_is_none(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(built), "serve", "--port", "0"]) == 1
    assert capsys.readouterr().err.startswith("usage: --port\n  = found:    `0`\n")
