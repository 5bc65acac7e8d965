"""Faults as they are printed."""

from __future__ import annotations

from civicstat.errors import DeclarationError, EditionError, Fault, Place, SourceError, format_faults, suggest

CLOSED_AT = Fault(
    code="not-a-date-column",
    path="metrics.closed_in_30_days.to",
    found="column `closed_at`",
    expected="a date column of `code_cases`: `opened_on`, `closed_on`",
    help=suggest("closed_at", ["opened_on", "closed_on"]),
    place=Place("metrics/departments/code_enforcement.yaml", 16, 9, "    to: closed_at", 9),
)


def test_a_fault_gives_the_place_what_was_found_what_was_expected_and_the_mend() -> None:
    assert str(DeclarationError(CLOSED_AT)) == (
        "metrics/departments/code_enforcement.yaml:16:9: not-a-date-column: metrics.closed_in_30_days.to\n"
        "   |\n"
        "16 |     to: closed_at\n"
        "   |         ^^^^^^^^^\n"
        "   = found:    column `closed_at`\n"
        "   = expected: a date column of `code_cases`: `opened_on`, `closed_on`\n"
        "   = help:     did you mean `closed_on`?\n"
        "\n"
        "1 problem in metric definitions"
    )


def test_a_fault_without_a_place_starts_with_its_code() -> None:
    assert str(Fault("no-edition", "data/editions", "no edition", help="run `civicstat build`")) == (
        "no-edition: data/editions\n  = found:    no edition\n  = help:     run `civicstat build`"
    )


def test_a_line_is_shown_around_the_place_when_it_is_very_long() -> None:
    line = "x" * 5000 + "here" + "y" * 5000
    assert str(Fault("code", "path", "`here`", place=Place("a.yaml", 1, 5001, line, 4))).splitlines()[2:4] == [
        "1 | …" + "x" * 80 + "here" + "y" * 76 + "…",
        "  |  " + " " * 80 + "^^^^",
    ]


def test_the_marks_of_a_wide_value_end_with_the_line() -> None:
    line = "a: " + "[" * 300
    shown = str(Fault("code", "path", "a list", place=Place("a.yaml", 1, 4, line, 300))).splitlines()
    assert shown[2:4] == ["1 | a: " + "[" * 157 + "…", "  |    " + "^" * 158]


def test_the_marks_stand_below_the_place_after_a_tab() -> None:
    fault = Fault("code", "path", "`b`", place=Place("a.yaml", 1, 4, "a\t:b", 1))
    assert str(fault).splitlines()[3] == "  |  \t ^"


def test_all_faults_are_printed_with_a_blank_line_between_and_a_count_of_errors_and_warnings() -> None:
    error, warning = Fault("one", "a", "x"), Fault("two", "b", "y", level="warning")
    assert format_faults([error, warning, error], " in sources") == (
        "one: a\n  = found:    x\n\nwarning: two: b\n  = found:    y\n\none: a\n  = found:    x\n\n"
        "2 problems and 1 warning in sources"
    )


def test_warnings_alone_are_counted_as_warnings() -> None:
    assert format_faults([Fault("two", "b", "y", level="warning")]).splitlines()[-1] == "1 warning"


def test_nothing_wrong_is_said_as_no_problems() -> None:
    assert format_faults([]) == "0 problems"


def test_a_wrong_input_exits_with_1_and_a_missing_edition_with_2() -> None:
    faults = (CLOSED_AT, CLOSED_AT)
    assert [error.exit_code for error in (DeclarationError(faults), SourceError(faults), EditionError(faults))] == [
        1,
        1,
        2,
    ]
    assert SourceError(faults).faults == faults
    assert str(SourceError(faults)).splitlines()[-1] == "2 problems in sources"


def test_no_correction_is_offered_where_none_is_likely() -> None:
    assert suggest("population", ["opened_on", "closed_on"]) == ""
