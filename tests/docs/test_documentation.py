"""The language is documented as it is: examples load, every key and function is explained, nothing is made up."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.docs.places import BESIDE, MADE, OF_ROWS, PLACES, SHOWN, TYPES, WRAPS

import civicstat.spec
from civicstat.compiler import row_sql
from civicstat.errors import DeclarationError
from civicstat.results import Status
from civicstat.spec import Project, load_files
from civicstat.spec.cursor import Fields, Value
from civicstat.spec.functions import AGGREGATES, EXTRACT_PARTS, FUNCTIONS, OPERATORS, TRUNC_PARTS
from civicstat.warehouse import open_writer
from civicstat.words import status_word

Files = dict[str, str]
PageOf = Callable[[str], Any]
ROOT = Path(__file__).parents[2]
LANGUAGE = "language.md"


@pytest.fixture(scope="session")
def small_city(page: PageOf) -> Files:
    """The files of the whole small city, by path."""
    return {block.first: block.text for block in page(LANGUAGE).blocks if block.first.startswith("metrics/")}


def keys_of(text: str) -> dict[str, str]:
    """Return the text of each key at the left margin."""
    found = re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE)
    return {part.partition(":")[0]: part.rstrip("\n") for part in found if re.match("[a-z_]+:", part)}


def with_part(city: Files, place: str, text: str) -> Files:
    """Return the city with a part of it replaced, key by key."""
    name, head, indent = PLACES[place]
    before, _, rest = city[name].partition(f"{head}\n") if head else ("", "", city[name])
    inside = "".join(line for line in re.split(r"(?<=\n)(?=\S|\n)", rest, maxsplit=1)[0]) if indent else rest
    old = keys_of(re.sub(rf"^ {{{indent}}}", "", inside, flags=re.MULTILINE))
    new = keys_of(text)
    if place == "the metric" and "type" in new:
        kept = ("title",) if new["type"].partition(": ")[2] in MADE else ("title", "dataset")
        old = {key: old[key] for key in kept}
    if place == "the dataset" and "extra" in new.get("columns", ""):
        new["columns"] = old["columns"] + new["columns"].removeprefix("columns:")
    joined = "\n".join((old | new).values())
    made = re.sub("^(?=.)", " " * indent, joined, flags=re.MULTILINE)
    tail = rest[len(inside) :] if indent else ""
    return {**city, name: f"{before}{head}\n{made}\n{tail}" if head else f"{made}\n"}


def wrapped(city: Files, heading: str, text: str) -> Files:
    """Return the city with one example of a table under ``heading`` put where it belongs."""
    key = text.partition(":")[0]
    if heading == "a file of declarations":
        return {**city, "metrics/more.yaml": text} if key != "city" else {**city, "metrics/city.yaml": text}
    kind = re.fullmatch("a metric of type `(.+)`", heading)
    if kind or (key == "type" and heading == "a metric"):
        beside = SHOWN.get(text) or TYPES[kind[1] if kind else "simple"]
        lines = [f"type: {kind[1]}" if kind else text, *(f"{k}: {v}" for k, v in beside.items() if k != key)]
        return with_part(city, "the metric", "\n".join([*lines, text] if kind else lines))
    place, around, needed = WRAPS[heading]
    if key == "unpivot":
        columns = "unit: {type: text}, year: {type: text}, spent: {type: money}"
        made = f"datasets: {{more: {{row: One row, source: {{file: data/a.csv}}, columns: {{{columns}}}, {text}}}}}"
        return {**city, "metrics/more.yaml": made}
    if heading == "a source" and key == "select":
        text = f'{key}: "{text.partition(": ")[2]}"'
        return {**city, "metrics/more.yaml": f"datasets: {{more: {{row: One row, source: {{{text}}}}}}}"}
    if heading == "a check" and key == "level":
        needed = {"unique": "request_id"}
    if heading == "a source" and key == "records":
        needed = {"file": "data/requests.json"}
    needed = {**needed, **BESIDE.get(key, {})}
    beside = {k: v for k, v in needed.items() if k != key}
    if place == "a file of declarations":
        return {**city, "metrics/more.yaml": around % text}
    inner = ", ".join([text, *(f"{k}: {v}" for k, v in beside.items())])
    return with_part(
        city, place, around % inner if around else "\n".join([text, *(f"{k}: {v}" for k, v in beside.items())])
    )


def code(cell: str) -> list[str]:
    """Return what stands in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def faults(files: Files) -> list[str]:
    try:
        load_files(files, ROOT)
    except DeclarationError as error:
        return [str(fault) for fault in error.faults]
    return []


def keys_documented(language: Any) -> dict[str, list[list[str]]]:
    """Return the rows of every table of keys, by its heading."""
    return {name: rows for name in language.sections for rows in [language.tables(name).get("key", [])] if rows}


def blocks(page: PageOf, small_city: Files) -> Iterator[tuple[str, Files]]:
    for block in page(LANGUAGE).blocks:
        if block.kind == "yaml" and block.first not in small_city:
            place = block.first.removeprefix("in ")
            whole = place == "a file of declarations"
            made = (
                {**small_city, "metrics/more.yaml": block.text} if whole else with_part(small_city, place, block.text)
            )
            yield block.text, made


def examples(page: PageOf, small_city: Files) -> Iterator[tuple[str, Files]]:
    for heading, rows in keys_documented(page(LANGUAGE)).items():
        for row in rows:
            (text,) = code(row[3])
            yield f"{heading}: {text}", wrapped(small_city, heading, text)


@dataclass
class Asked:
    """What the loader asked of the declarations: the keys of each map, the words of each key, and from where."""

    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    later: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    later_words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: set[tuple[str, int]] = field(default_factory=set)


@pytest.fixture(scope="module")
def asked(page: PageOf, small_city: Files) -> Asked:
    """Every key and word that the loader knows, seen while it reads all examples of the page."""
    seen = Asked()
    of, word = Fields.of, Value.word

    def noted_of(
        value: Value, known: Collection[str], later: Collection[str], title: str, elsewhere: Mapping[str, str]
    ) -> Fields:
        seen.known[title] |= set(known)
        seen.later[re.sub("of type .*", "", title).strip()] |= set(later)
        frame = sys._getframe(2)
        seen.lines.add((Path(frame.f_code.co_filename).name, frame.f_lineno))
        return of(value, known, later, title, elsewhere)

    def noted_word(self: Value, choices: Sequence[Any], later: Collection[str] = ()) -> Any:
        key = self.path.rpartition(".")[2].partition("[")[0]
        seen.words[key] |= set(choices)
        seen.later_words[key] |= set(later)
        return word(self, choices, later)

    without_type = {"metrics/more.yaml": "metrics: {nothing: {title: A metric that says no type}}"}
    unknown_type = {"metrics/more.yaml": "metrics: {nothing: {title: A metric of no type, type: unheard_of}}"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fields, "of", noted_of)
        patch.setattr(Value, "word", noted_word)
        for _, files in [*blocks(page, small_city), *examples(page, small_city)]:
            load_files(files, ROOT)
        faults(small_city | without_type)
        faults(small_city | unknown_type)
    return seen


def lines_of(node: ast.AST) -> range:
    return range(getattr(node, "lineno", 0), getattr(node, "end_lineno", 0) + 1)


def test_the_small_city_loads_without_a_word_of_complaint(small_city: Files) -> None:
    assert list(small_city) == [PLACES[place][0] for place in ("the city", "the dataset", "the department")]
    assert list(load_files(small_city, ROOT).metrics) == ["requests_opened", "requests_closed"]


def test_every_block_and_every_example_loads(page: PageOf, small_city: Files) -> None:
    read = [*blocks(page, small_city), *examples(page, small_city)]

    assert {text: found for text, files in read if (found := faults(files))} == {}
    assert len(read) > 100


def test_the_example_of_a_key_is_of_that_key(page: PageOf) -> None:
    rows = [row for rows in keys_documented(page(LANGUAGE)).values() for row in rows]
    assert [row for row in rows if code(row[0]) != [code(row[3])[0].partition(":")[0]]] == []


def test_the_loader_was_seen_to_read_every_kind_of_map(asked: Asked) -> None:
    unseen = []
    for path in sorted(Path(civicstat.spec.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fields"
            if called and not any((path.name, line) in asked.lines for line in lines_of(node)):
                unseen.append(f"{path.name}:{lines_of(node)[0]}")
    assert unseen == []


def test_the_keys_explained_are_the_keys_the_loader_accepts(page: PageOf, asked: Asked) -> None:
    explained = {
        title: {code(row[0])[0] for row in rows}
        for heading, rows in keys_documented(page(LANGUAGE)).items()
        for title in heading.split(", ")
    }
    own = {title for title in explained if title.startswith("a metric of type")}
    made = {f"a metric of type `{kind}`" for kind in MADE}
    common = {title: explained["a metric"] - (OF_ROWS if title in made else set()) for title in own}
    whole = explained | {title: common[title] | explained[title] for title in own}
    whole["a metric"] = set().union(*(whole[title] for title in own))

    assert whole == asked.known


def test_the_words_of_every_key_are_explained(page: PageOf, asked: Asked) -> None:
    said = set(code("\n".join(page(LANGUAGE).sections.values())))
    assert {key: words - said for key, words in asked.words.items() if words - said} == {}


def test_the_words_not_available_are_those_the_loader_puts_off(page: PageOf, asked: Asked) -> None:
    keys, words = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for where, cell, _ in page(LANGUAGE).tables("not available yet")["where"]:
        keyed = re.match("`([a-z_]+)` of a", where)
        for title in where.split(", "):
            (words[keyed[1]] if keyed else keys[title]).update(code(cell))

    assert keys == {title: later for title, later in asked.later.items() if later}
    assert words == {key: later for key, later in asked.later_words.items() if later}


def test_the_forms_not_available_are_refused_as_such(page: PageOf, small_city: Files) -> None:
    rows = page(LANGUAGE).tables("not available yet")["in"]
    read = {code(cell)[0]: faults(wrapped(small_city, where, code(cell)[0])) for where, cell, _ in rows}

    assert {form for form, found in read.items() if not any("not-available-yet: " in fault for fault in found)} == set()
    assert len(read) == len(rows)


def test_every_function_operator_and_aggregate_is_in_a_table(page: PageOf) -> None:
    language = page(LANGUAGE)
    functions = [code(row[0])[0].partition("(")[0] for row in language.tables("row expressions")["function"]]
    signs = {sign for row in language.tables("row expressions")["operator"] for sign in code(row[0])}
    aggregates = [code(row[0])[0].partition("(")[0] for row in language.tables("measures")["aggregate"]]
    said = set(code(language.sections["row expressions"]))

    assert functions == list(FUNCTIONS)
    assert {code(meaning)[0] for meaning in OPERATORS.values()} - signs == {"-x"}
    assert aggregates == list(AGGREGATES)
    assert {*EXTRACT_PARTS, *TRUNC_PARTS} <= said


def test_every_function_gives_the_result_that_its_example_shows(page: PageOf, small_city: Files) -> None:
    engine = open_writer(Path(":memory:"))
    found, shown = {}, {}
    for row in page(LANGUAGE).tables("row expressions")["function"]:
        (text,), (result,) = code(row[2]), code(row[3])
        city = with_part(small_city, "the city", "business_days: {country: US}")
        project = load_files(with_part(city, "the dataset", f"derive: {{x: {json.dumps(text)}}}"), ROOT)
        found[text], shown[text] = value_of(engine, project), result
    engine.dispose()

    assert found == shown


def value_of(engine: sa.Engine, project: Project) -> str:
    made = row_sql(
        project.datasets["requests"].derive["x"].expr, {}, None, project.city.fiscal_year, project.city.business_days
    )
    with engine.connect() as connection:
        value = connection.execute(sa.select(made)).scalar_one()
    match value:
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()[:10]
        case str():
            return value
        case _:
            return f"{value:g}"


def test_every_status_is_explained_in_the_order_in_which_it_decides(page: PageOf) -> None:
    rows = page("semantics.md").tables("status")["status"]
    assert [(code(row[0])[0], row[1]) for row in rows] == [(status, status_word(status, "en")) for status in Status]
    assert [row for row in rows if not row[2]] == []


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_a_link_leads_to_a_heading_that_is_there(name: str, page: PageOf) -> None:
    broken = []
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page(name).text):
        headings = page(target or name).sections
        if anchor not in {re.sub(r"[^a-z0-9 _-]", "", heading).replace(" ", "-") for heading in headings}:
            broken.append(f"{target}#{anchor}")
    assert broken == []


def test_every_example_fits_the_schema(page: PageOf, small_city: Files, fits: Callable[..., list[str]]) -> None:
    schema = civicstat.spec.json_schema()
    wholes = [("the whole small city", small_city), *blocks(page, small_city), *examples(page, small_city)]
    strange = {title: said for title, files in wholes for text in files.values() if (said := fits(text, schema))}

    assert strange == {}
    assert len(wholes) > 150
