from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicstat.errors import SourceError
from civicstat.sources import ESCAPES, Normalised, find_files, inspect_file, normalise, refuse_absent
from civicstat.sources import json_text as json_text_module
from civicstat.spec import ColumnDef, ColumnType, Dataset, Source

Read = tuple[Normalised, list[list[str]], list[list[str]]]


def dataset(source: Source, *columns: str) -> Dataset:
    declared = {f"c{i}": ColumnDef(f"c{i}", name, ColumnType.TEXT) for i, name in enumerate(columns)}
    return Dataset("cases", {"en": "Cases"}, {"en": "one row is one case"}, source, declared)


def read(root: Path, body: str | bytes, *columns: str, name: str = "x.json", **more: Any) -> Read:
    """Return what was counted, the good records with record and line, and the broken ones."""
    (root / name).write_bytes(body if isinstance(body, bytes) else body.encode())
    declared = dataset(Source(name, **more), *columns)
    table = inspect_file(declared, find_files(declared, root)[0], lambda _: None)
    refuse_absent(declared, [table])
    done = normalise(declared, table, root / "good", root / "broken")
    with (root / "good").open(newline="") as good, (root / "broken").open(newline="") as broken:
        return done, [_whole(row) for row in csv.reader(good)], [_whole(row) for row in csv.reader(broken)]


def _whole(row: list[str]) -> list[str]:
    for char, written in reversed(ESCAPES):
        row = [value.replace(written, char) for value in row]
    return row


def refused(root: Path, body: str | bytes, *columns: str, **more: Any) -> list[str]:
    """Return the lines of the fault: code, found, expected, help."""
    with pytest.raises(SourceError) as error:
        read(root, body, *columns, **more)
    head, *lines = str(error.value).removesuffix("\n\n1 problem in sources").split("\n")
    return [head.partition(":")[0], *(line.partition(": ")[2].strip() for line in lines)]


def test_numbers_truths_and_nothing_are_read_by_their_own_text(tmp_path: Path) -> None:
    body = '[{"a": 1.10, "b": 1e2}, {"a": 12345678901234567890123, "b": true}, {"b": null, "a": -0.0}, {"a": NaN}]'

    done, good, broken = read(tmp_path, body, "a", "b")

    assert [row[:2] for row in good] == [
        ["1.10", "1e2"],
        ["12345678901234567890123", "true"],
        ["-0.0", ""],
        ["NaN", ""],
    ]
    assert (done, broken) == (Normalised(4, 0, 0, 0, longest=27, escaped=False), [])


def test_a_record_carries_its_number_and_the_line_it_begins_on(tmp_path: Path) -> None:
    _, good, _ = read(tmp_path, '\ufeff[\n\n{"a":\n"x\\ny"},{"a": "ñ"}\n,{"a":"é"}]\n', "a")

    assert good == [["x\ny", "1", "3"], ["ñ", "2", "4"], ["é", "3", "5"]]


def test_a_value_is_reached_by_its_path_and_a_key_with_points_comes_first(tmp_path: Path) -> None:
    body = [
        {"place": {"at": {"lat": 1}}},
        {"place.at.lat": 2, "place": {"at": {"lat": 9}}},
        {"place": None},
        {"place": {"at": {}}},
        {},
    ]

    _, good, _ = read(tmp_path, json.dumps(body), "place.at.lat")

    assert [row[0] for row in good] == ["1", "2", "", "", ""]


def test_lists_and_objects_stay_json_with_every_digit(tmp_path: Path) -> None:
    _, good, _ = read(tmp_path, '[{"a": {"x": [1.50, "ñ\\"", null, true]}}]', "a")

    assert good[0][0] == '{"x":[1.50,"ñ\\"",null,true]}'


def test_the_list_of_records_may_lie_inside_the_document(tmp_path: Path) -> None:
    body = '{"fields": [{"id": "a"}], "result": {"total": 2, "records": [{"a": 1}, {"a": 2}], "more": {"x": []}}}'

    _, good, _ = read(tmp_path, body, "a", records="result.records")

    assert [row[0] for row in good] == ["1", "2"]


def test_what_a_map_says_of_a_feature_is_a_column_by_its_own_name(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "id": 7, "properties": {"name": "North"}, "geometry": {"type": "Point"}},
        {"type": "Feature", "id": 8, "properties": None, "geometry": None},
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features})

    _, good, _ = read(tmp_path, body, "name", "id", "geometry.type", name="x.geojson")

    assert [row[:3] for row in good] == [["North", "7", "Point"], ["", "8", ""]]


@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson"])
def test_of_records_line_by_line_a_broken_one_is_set_aside_alone(tmp_path: Path, name: str) -> None:
    done, good, broken = read(tmp_path, '{"a": 1}\r\n\r\n{"a": \r\n[]\n{"a": 2}', "a", name=name)

    assert good == [["1", "1", "1"], ["2", "4", "5"]]
    assert broken == [['{"a": ', "not-json", "2", "3"], ["[]", "not-an-object", "3", "4"]]
    assert done == Normalised(4, 2, 1, 0, longest=1, escaped=False)


def test_a_last_line_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"a": 1}\n{"a": ', "a", name="x.jsonl") == [
        "not-json",
        "`x.jsonl`, line 2, column 7: the end of the file",
        "the end of the record",
        "the file may be cut off: fetch it again",
    ]


ODD = [
    ("7", "not-an-object"),
    ("null", "not-an-object"),
    ('["a"]', "not-an-object"),
    ('{"p": "text", "a": 1}', "not-an-object"),
    ('{"a": 1, "a": 2}', "repeated-key"),
    ('{"p": {"q": 1, "q": 1}}', "repeated-key"),
    ('{"a": "\\ud800"}', "not-text"),
    ('{"a": "x\\u0000y"}', "not-text"),
    ('{"a": {"\\udfff": 1}}', "not-text"),
    ('{"a": "' + "x" * 131_073 + '"}', "value-too-long"),
]


@pytest.mark.parametrize(("odd", "reason"), ODD, ids=[f"{reason} {odd[:22]}" for odd, reason in ODD])
def test_a_record_that_cannot_be_read_is_set_aside_as_it_is_written(tmp_path: Path, odd: str, reason: str) -> None:
    done, good, broken = read(tmp_path, f'[{{"a": 1, "p": {{"q": 2}}}},\n{odd},\n{{"a": 3}}]', "a", "p.q")

    assert good == [["1", "2", "1", "1"], ["3", "", "3", "3"]]
    assert broken == [[odd[:2000], reason, "2", "2"]]
    assert (done.records, done.broken) == (3, 1)


def test_a_key_that_stands_twice_harms_only_those_who_read_it(tmp_path: Path) -> None:
    _, good, broken = read(tmp_path, '[{"x": 1, "x": 2, "a": 3}]', "a")

    assert (good, broken) == ([["3", "1", "1"]], [])


def test_lists_inside_lists_without_end_are_no_crash(tmp_path: Path) -> None:
    deep = "[" * 300 + "]" * 300
    done, _, broken = read(tmp_path, f'[{{"a": 1}}, {{"a": {"[" * 600 + "]" * 600}}}]', "a")

    assert (done.records, [row[1] for row in broken]) in ((2, ["nested-too-deep"]), (2, []))
    assert refused(tmp_path, f'{{"x": {deep}, "r": [{{"a": 1}}]}}', "a", records="r")[2] == (
        "lists and objects less deep inside each other"
    )
    assert refused(tmp_path, "[" * 200_000, "a")[0] == "not-json"


MALFORMED = [
    ('[{"a": 1} {"a": 2}]', "line 1, column 11: `{`", "a `,` or `]`", "fetch the file again"),
    ('[\n {"a": 1,\n  "b" 2}]', "line 3, column 7: `2`", "a `:`", "fetch the file again"),
    ('[{"a": 1},]', "line 1, column 11: `]`", "a value", "fetch the file again"),
    ("[{'a': 1}]", "line 1, column 3: `'`", "a key in double quotes", "fetch the file again"),
    ('[{"a": 1}]\n[{"a": 2}]', "line 2, column 1: `[`", "nothing behind the end", "fetch the file again"),
    (
        '[{"a": "x\ty"}]',
        "line 1, column 10: a sign that cannot be printed",
        r"a line break or tab inside a text written as `\n` or `\t`",
        "fetch the file again",
    ),
    (
        '[{"a": 1}, {"a": 2',
        "line 1, column 19: the end of the file",
        "a `,` or the end of the list or object",
        "the file may be cut off: fetch it again",
    ),
    ('[{"a": 1},\n {"a": tru}]', "line 2, column 8: `t`", "a value", "fetch the file again"),
]


@pytest.mark.parametrize(("body", "found", "expected", "mend"), MALFORMED, ids=[item[0] for item in MALFORMED])
def test_what_is_not_json_is_refused_with_line_and_column(
    tmp_path: Path, body: str, found: str, expected: str, mend: str
) -> None:
    assert refused(tmp_path, body, "a") == ["not-json", f"`x.json`, {found}", expected, mend]


def test_an_object_where_records_are_looked_for_names_the_lists_inside_it(tmp_path: Path) -> None:
    body = '{"help": "x", "result": {"fields": ["a"], "records": [{"a": 1}]}}'

    assert refused(tmp_path, body, "a") == [
        "no-list",
        "`x.json` is an object with the keys `help`, `result`",
        "a list of records",
        "write `records: result.records`",
    ]
    assert refused(tmp_path, body, "a", records="result")[1:] == [
        "`result` of `x.json` is an object with the keys `fields`, `records`",
        "a list of records",
        "write `records: result.records`",
    ]
    assert refused(tmp_path, body, "a", records="result.rows")[1:] == [
        "`x.json` has no `result.rows`; its keys are `fields`, `records`",
        "the path of the list of records, as `records: result.records`",
    ]


def test_an_error_saved_in_place_of_the_records_is_said_to_be_one(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"success": false, "error": {"__type": "Not Found"}}', "a")[1:] == [
        "`x.json` is an object with the keys `success`, `error`",
        "a list of records",
        "an error message is often saved in place of the records: open it and look",
    ]


def test_one_object_a_line_under_another_name_is_told_its_name(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"a": 1}\n{"a": 2}\n', "a")[3] == (
        "are there more objects behind it, one a line? Then let its name end in `.jsonl`"
    )


def test_a_list_that_stands_twice_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"r": [{"a": 1}], "r": [{"a": 2}]}', "a", records="r")[:3] == [
        "not-json",
        "`x.json`, line 1, column 24: `[`",
        "one `r`: it stands there a second time",
    ]


def test_a_column_no_record_has_is_refused_with_the_likely_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        read(tmp_path, '[{"a": 1, "place": {"lat": 2}}]', "a", "place.lot")

    assert str(error.value) == (
        "no-such-column: datasets.cases.columns.c1\n"
        "  = found:    no record of `x.json` has `place.lot`\n"
        "  = expected: one of `a`, `place.lat`\n"
        "  = help:     did you mean `place.lat`?\n"
        "\n"
        "1 problem in sources"
    )


def test_a_file_with_other_records_is_the_wrong_file(tmp_path: Path) -> None:
    assert refused(tmp_path, '[{"x": 1, "y": 2}]', "a", "b") == [
        "wrong-file",
        "`x.json` has none of the declared columns; its keys are `x`, `y`",
        "`a`, `b`",
        "is it the right file? `records` says where in it the records are",
    ]


def test_a_key_left_out_of_one_file_may_stand_in_another(tmp_path: Path) -> None:
    for name, body in {"1.json": '[{"a": 1}]', "2.json": '[{"a": 2, "b": 3}]', "3.json": "[]"}.items():
        (tmp_path / name).write_text(body)
    declared = dataset(Source("*.json", take="all"), "a", "b")
    tables = [inspect_file(declared, file, lambda _: None) for file in find_files(declared, tmp_path)]

    refuse_absent(declared, tables)

    with pytest.raises(SourceError, match=r"no record of `1\.json` has `b`"):
        refuse_absent(declared, [tables[0], tables[2]])
    refuse_absent(declared, [tables[2]])  # no record at all is another fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encoding_it_is_in(tmp_path: Path, encoding: str) -> None:
    body = gzip.compress('[{"a": "Peña"}]'.encode(encoding))

    assert read(tmp_path, body, "a", name="x.json.gz")[1] == [["Peña", "1", "1"]]


@pytest.mark.parametrize("block", range(1, 12))
def test_no_matter_where_a_file_is_cut_for_reading_the_records_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(json_text_module, "_BLOCK", block)
    body = '{"x": [1, {"y": -Infinity}], "r": [\n {"a": "\\u00f1\\\\", "b": -1.5e+10},\n {"a": false,\n"b": 123}\n]} '

    _, good, _ = read(tmp_path, body, "a", "b", records="r")

    assert good == [["ñ\\", "-1.5e+10", "1", "2"], ["false", "123", "2", "3"]]


def test_a_list_longer_than_what_is_held_at_once_is_read_whole(tmp_path: Path) -> None:
    body = "[" + ",\n".join(f'{{"a": {n}, "b": "{"x" * 50}"}}' for n in range(20_000)) + "]"

    done, good, _ = read(tmp_path, body, "a")

    assert [row[0] for row in good] == [str(n) for n in range(20_000)]
    assert (done.records, good[-1][2]) == (20_000, "20000")


def test_a_record_without_end_is_refused_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text_module, "MOST", 1_000)
    monkeypatch.setattr(json_text_module, "_BLOCK", 100)

    assert refused(tmp_path, '[{"a": 1},\n{"a": "' + "x" * 5_000 + '"}]', "a")[1:3] == [
        "`x.json`, line 2, column 1: `{`",
        "at most 1,000 characters in one record",
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=6,
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "a.b", "x"]), VALUES, max_size=4) | VALUES, max_size=5)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(RECORDS, st.sampled_from(["x.json", "x.jsonl"]))
def test_every_record_is_either_read_or_set_aside(tmp_path: Path, records: list[Any], name: str) -> None:
    if name == "x.json":
        body = json.dumps(records, indent=1)
    else:
        body = "".join(json.dumps(record) + "\n" for record in records)
    try:
        done, good, broken = read(tmp_path, body or " ", "a", name=name)
    except SourceError as error:
        whole = [record for record in records if isinstance(record, dict)]
        assert error.faults[0].code in ("wrong-file", "no-such-column")
        assert whole
        assert not any("a" in record for record in whole)
        return

    assert done.records == len(records) == len(good) + len(broken)
    for number, record in enumerate(records, 1):
        [row] = [row for row in (*good, *broken) if row[-2] == str(number)]
        if isinstance(record, dict) and isinstance(record.get("a"), str) and row in good:
            assert row[0] == record["a"]


@FUZZ
@given(st.text(alphabet='[]{}",:\\ \nabtruefalsn-0.1eE\u00f1\ud7ff', max_size=60) | st.text(max_size=30))
def test_any_text_under_the_name_is_read_or_refused_as_a_fault(tmp_path: Path, body: str) -> None:
    for name in ("x.json", "x.geojson", "x.jsonl"):
        try:
            done, good, broken = read(tmp_path, body.encode() or b" ", "a", name=name)
        except SourceError as error:
            assert error.faults
        else:
            assert done.records == len(good) + len(broken)
