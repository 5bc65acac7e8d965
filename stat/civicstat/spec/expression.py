"""A row condition, a computed column or a measure: from text to a checked tree that holds no SQL."""

from __future__ import annotations

import re

from civicstat.spec import sql_text
from civicstat.spec.cursor import Value
from civicstat.spec.expr import Aggregate, ColumnType, Expr, parts_of, walk
from civicstat.spec.formula import FormulaReader, as_sql
from civicstat.spec.measure import MeasureReader
from civicstat.spec.nullable import missing_trap
from civicstat.spec.row import RowReader
from civicstat.spec.scope import Scope, group, type_word
from civicstat.spec.tree_reader import NOTHING, TreeReader
from civicstat.spec.yaml_nodes import MapNode, Scalar

__all__ = ["NOTHING", "parse_condition", "parse_formula", "parse_measure", "parse_row"]

_MAX_LEVELS = 50


def parse_row(value: Value, scope: Scope) -> Expr:
    """Return a row expression of any type; after a fault, null."""
    tree = _tree(value)
    if tree is None:
        return NOTHING
    text = value.bare
    reader = RowReader(text, scope)
    made = _guarded(value, reader, tree)
    return _flat(value, made)


def parse_condition(value: Value, scope: Scope, warn: bool = True) -> Expr:
    """Return a row condition, true or false of each row; after a fault, null.

    ``warn``: say where a comparison silently leaves out rows whose value is missing.
    """
    made = parse_row(value, scope)
    if made.type not in (None, ColumnType.BOOLEAN):
        value.fault(
            "not-a-condition", "a condition that is true or false", found=f"`{value.bare}`, {type_word(made.type)}"
        )
        return NOTHING
    trap = missing_trap(made, scope.nullable) if warn else None
    if trap:
        start = max(0, value.bare.find(trap.column))
        place = value.node.inside(start, len(trap.column)) if isinstance(value.node, Scalar) else value.place
        value.notes.warn("missing-left-out", value.path, place, trap.found, "", trap.mend)
    return made


def parse_measure(value: Value, scope: Scope) -> Expr:
    """Return a measure: aggregates and arithmetic over them; after a fault, null."""
    tree = _tree(value)
    if tree is None:
        return NOTHING
    text = value.bare
    reader = MeasureReader(text, scope)
    made = _guarded(value, reader, tree)
    if made is not NOTHING and not any(isinstance(part, Aggregate) for part in walk(made)):
        value.fault("not-a-measure", "an aggregate, as `count(*)`, `sum(x)`, `median(x)`")
        return NOTHING
    if group(made.type) not in ("number", ""):
        value.fault("not-a-measure", "a measure that is a number", found=f"`{text}`, {type_word(made.type)}")
        return NOTHING
    return _flat(value, made)


def parse_formula(value: Value) -> Expr:
    """Return a formula over other metrics, whose names are its columns; after a fault, null."""
    tree = _tree(value, formula=True)
    return NOTHING if tree is None else _flat(value, _guarded(value, FormulaReader(value.bare), tree))


def _tree(value: Value, formula: bool = False) -> sql_text.Tree | None:
    if isinstance(value.node, MapNode) and value.node.flow and len(value.node.entries) == 1:
        name, entry = next(iter(value.node.entries.items()))
        if Value(entry.value, value.path, value.notes).is_null:
            wanted = "arithmetic on metrics" if formula else "an SQL expression"
            value.fault("not-an-expression", wanted, f'another metric stands in quotes: `"{{{name}}}"`')
            return None
    if not isinstance(value.node, Scalar):
        value.fault("not-an-expression", "an SQL expression")
        return None
    if not value.string("an SQL expression"):
        return None
    if not formula and re.fullmatch(r"\{[^{}]*\}", value.bare):
        value.later("another metric inside an expression")
        return None
    if formula and '"' in value.bare:
        value.fault("not-a-formula", "`{metric}`, numbers and `+ - * /` between them")
        return None
    try:
        return sql_text.parse(as_sql(value.bare) if formula else value.bare)
    except sql_text.Unparsable as error:
        place = value.node.inside(error.start, error.width)
        mend = ""
        if re.match(r"\s+#", place.text[value.node.span.end_column :]) and value.node.style == "":
            mend = "` #` starts a comment in YAML: put the whole expression in double quotes"
        value.notes.add("not-an-expression", value.path, place, error.found, error.expected, mend)
        return None


def _guarded(value: Value, reader: TreeReader, tree: sql_text.Tree) -> Expr:
    try:
        made = reader.read(tree)
    except RecursionError:
        value.fault("too-deep", f"at most {_MAX_LEVELS} levels", found="an expression of very many levels")
        return NOTHING
    for complaint in reader.complaints:
        start, end = complaint.start, complaint.end
        place = value.place
        if end and isinstance(value.node, Scalar):
            place = value.node.inside(start, len(reader.text[start:end].split("\n")[0]))
        value.notes.add(complaint.code, value.path, place, complaint.found, complaint.expected, complaint.mend)
    return NOTHING if reader.complaints else made


def _flat(value: Value, made: Expr) -> Expr:
    if _levels(made) > _MAX_LEVELS:
        value.fault("too-deep", f"at most {_MAX_LEVELS} levels", found="an expression of very many levels")
        return NOTHING
    return made


def _levels(made: Expr) -> int:
    depth, layer = 0, [made]
    while layer and depth <= _MAX_LEVELS:
        layer = [part for item in layer for part in parts_of(item)]
        depth += 1
    return depth
