"""YAML as the language reads it: places, scalars, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from civicstat.errors import format_faults
from civicstat.spec.yaml_nodes import ListNode, MapNode, Node, Scalar, read_yaml, scalar_kind


def value(text: str) -> Node:
    root, faults = read_yaml(f"key: {text}", "a.yaml")
    assert faults == []
    assert isinstance(root, MapNode)
    return root.entries["key"].value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((word, "text") for word in ("no", "yes", "on", "off", "NO", "y", "n", "010", "-010", "00", "1_000", "1:30")),
        *(
            (word, "text")
            for word in ("2026-03-02", "2026-03-02 10:00:00", "0x1F", "0o17", ".inf", ".nan", "5 days", "1e")
        ),
        *((word, "text") for word in ("1234567890123456789", "07-01", "1.2.3", "1,000", "80%", "'5'", '"true"', "nul")),
        *((word, "integer") for word in ("0", "7", "-3", "+4", "123456789012345678")),
        *((word, "number") for word in ("1.5", "-0.5", ".5", "2.", "1e3", "1.5E-3", "0.0")),
        *((word, "boolean") for word in ("true", "True", "FALSE")),
        *((word, "null") for word in ("null", "~", "Null", "")),
    ],
)
def test_a_scalar_is_read_as_it_looks(text: str, kind: str) -> None:
    node = value(text)
    assert isinstance(node, Scalar)
    assert node.kind == kind


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_every_whole_number_is_a_number(number: int) -> None:
    assert scalar_kind(str(number)) == "integer"


@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_with_a_leading_zero_is_a_code(number: int) -> None:
    assert scalar_kind(f"0{number}") == "text"


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=6), st.integers(min_value=-99, max_value=99))
def test_every_decimal_is_a_number_with_an_exponent_and_without(number: Decimal, exponent: int) -> None:
    assert [scalar_kind(f"{number:f}"), scalar_kind(f"{number:f}e{exponent}")] == ["number", "number"]


@given(st.dates())
def test_a_day_stays_text_until_a_date_is_wanted(day: object) -> None:
    assert scalar_kind(str(day)) == "text"


WORD = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\xa0"), max_size=40
)


@given(st.dictionaries(st.from_regex("[a-z]{1,8}", fullmatch=True), WORD | st.lists(WORD, max_size=3), max_size=5))
def test_what_a_dump_writes_is_read_back(things: dict[str, str | list[str]]) -> None:
    root, faults = read_yaml(yaml.safe_dump(things, allow_unicode=True, default_style='"'), "a.yaml")
    assert (faults, plain(root) if things else {}) == ([], things)


@given(st.text(max_size=200))
def test_any_text_is_nodes_or_a_fault_with_a_place_and_never_an_exception(text: str) -> None:
    root, faults = read_yaml(text, "a.yaml")
    assert all(fault.place is not None for fault in faults)
    assert root is not None or faults or not "".join(line.partition("#")[0] for line in text.splitlines()).strip()


def test_a_node_knows_its_line_column_and_width() -> None:
    root, _ = read_yaml("a: one\nb:\n  - {c: 'two words', d: [1, 2]}\n", "a.yaml")
    assert isinstance(root, MapNode)
    item = root.entries["b"].value
    assert isinstance(item, ListNode)
    inner = item.items[0]
    assert isinstance(inner, MapNode)
    nodes = [root.entries["a"].key, root.entries["a"].value, inner.entries["c"].value, inner.entries["d"].value]
    assert [(node.place.line, node.place.column, node.place.width) for node in nodes] == [
        (1, 1, 1),
        (1, 4, 3),
        (3, 9, 11),
        (3, 25, 6),
    ]
    assert nodes[2].place.text == "  - {c: 'two words', d: [1, 2]}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("key: a and MARK", (1, 12)),
        ("key: 'a and MARK'", (1, 13)),
        ('key: "a and MARK"', (1, 13)),
        ("key: >-\n  a and\n  MARK", (3, 3)),
        ("key: |\n  a and\n\n    MARK\n", (4, 5)),
        ("key: a\n  and\n  MARK", (3, 3)),
        ("key: 'a and\n  MARK'", (2, 3)),
        ("key: 'it''s MARK'", (1, 6)),  # quotes written twice: the place of the whole
    ],
)
def test_a_word_inside_a_text_has_its_place(text: str, place: tuple[int, int]) -> None:
    root, _ = read_yaml(text, "a.yaml")
    assert isinstance(root, MapNode)
    node = root.entries["key"].value
    assert isinstance(node, Scalar)
    found = node.inside(node.text.index("MARK"), 4)
    assert (found.line, found.column) == place


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    root, faults = read_yaml(f"l0: &l0 [x]\n{levels}\n", "a.yaml")
    assert {fault.code for fault in faults} == {"yaml-anchor", "yaml-alias"}
    assert isinstance(root, MapNode)
    assert len(root.entries) == 9


def test_three_thousand_brackets_are_too_deep() -> None:
    root, faults = read_yaml("a: " + "[" * 3000 + "]" * 3000, "a.yaml")
    assert root is None
    assert format_faults(faults) == (
        "a.yaml:1:53: too-deep: a.yaml\n"
        "  |\n"
        f"1 | a: {'[' * 157}…\n"
        f"  | {' ' * 52}^\n"
        "  = found:    more than 50 levels\n"
        "  = expected: at most 50 levels\n"
        "\n"
        "1 problem"
    )


def test_a_block_map_may_be_fifty_levels_deep_and_no_deeper() -> None:
    deep = ["\n".join(f"{' ' * n}k:" for n in range(levels)) for levels in (50, 51)]
    assert [[fault.code for fault in read_yaml(text, "a.yaml")[1]] for text in deep] == [[], ["too-deep"]]


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x85", "\u2028", "\ud800"])
def test_a_character_that_no_text_holds_is_named(character: str) -> None:
    root, faults = read_yaml(f"a: 1\nb: x{character}y\n", "a.yaml")
    assert root is None
    assert format_faults(faults) == (
        "a.yaml:2:5: unreadable-character: a.yaml\n"
        "  |\n"
        "2 | b: x�y\n"
        "  |     ^\n"
        f"  = found:    the character U+{ord(character):04X}\n"
        "  = expected: text: letters, digits, signs, spaces and line ends\n"
        "  = help:     the file may be damaged, or not a text file\n"
        "\n"
        "1 problem"
    )


def test_windows_line_ends_are_read() -> None:
    root, faults = read_yaml("a: one\r\nb:\r\n  c: two\r\n", "a.yaml")
    assert (faults, plain(root)) == ([], {"a": "one", "b": {"c": "two"}})


def plain(node: Node | None) -> object:
    match node:
        case MapNode(entries=entries):
            return {name: plain(entry.value) for name, entry in entries.items()}
        case ListNode(items=items):
            return [plain(item) for item in items]
        case Scalar(text=text):
            return text
        case _:
            return None
