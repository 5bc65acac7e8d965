"""Calls in a row expression: functions of the table, casts and parts of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from civicstat.errors import suggest
from civicstat.spec.cursor import choices_text
from civicstat.spec.expr import Call, Column, ColumnType, Expr, Literal
from civicstat.spec.functions import AGGREGATES, EXTRACT_PARTS, FUNCTIONS, INSTEAD, TRUNC_PARTS, Function
from civicstat.spec.scope import group, type_word
from civicstat.spec.sql_text import Tree
from civicstat.spec.tree_reader import NOTHING, TreeReader
from civicstat.spec.unify import common_type, is_as_of

__all__ = ["read_call", "read_cast", "read_extract", "read_trim"]

_CASTS: Mapping[str, ColumnType] = {
    **dict.fromkeys(("TEXT", "VARCHAR", "CHAR"), ColumnType.TEXT),
    **dict.fromkeys(("INT", "BIGINT", "SMALLINT", "TINYINT"), ColumnType.INTEGER),
    **dict.fromkeys(("DOUBLE", "FLOAT"), ColumnType.NUMBER),
    "BOOLEAN": ColumnType.BOOLEAN,
    "DATE": ColumnType.DATE,
    **dict.fromkeys(("TIMESTAMP", "DATETIME", "TIMESTAMPNTZ"), ColumnType.TIMESTAMP),
}
_NO_CAST = {("moment", "number"), ("number", "moment"), ("moment", "boolean"), ("boolean", "moment")}
_ARGUMENT = {
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "moment": "date",
    "same": "value",
    "part": "'month'",
    "pattern": "'pattern'",
}


def read_call(reader: TreeReader, tree: Tree) -> Expr:
    """Return a function of the table."""
    name = str(tree.this).lower()
    known = FUNCTIONS.get(name)
    if known is None:
        return _unknown(reader, tree, name)
    args = list(tree.expressions)
    most = len(args) if known.repeats else len(known.args)
    if not len(known.args) - known.optional <= len(args) <= most:
        expected = f"`{name}({', '.join(_ARGUMENT[kind] for kind in known.args)})`: {known.meaning}"
        return reader.complain(tree, "wrong-arguments", f"`{reader.shown(tree)}`", expected)
    if name == "date_trunc":
        moment = reader.of_kind(args[1], "moment", "`date_trunc`")
        part = args[0].name if isinstance(args[0], exp.Literal | exp.Column) else reader.shown(args[0])
        return _calendar(reader, tree, name, part.lower(), moment, TRUNC_PARTS)
    kinds = [*known.args, *([known.args[-1]] * (len(args) - len(known.args)))]
    if "same" in kinds:
        parts, kind = reader.together(args)
        return Call(name, tuple(parts), kind) if kind else NOTHING
    if kinds == ["moment", "moment"]:
        return _between_moments(reader, name, args)
    return _typed(reader, name, known, kinds, args)


def read_cast(reader: TreeReader, tree: Tree) -> Expr:
    """Return ``cast`` or ``try_cast``, the type as the second argument."""
    made = reader.read(tree.this)
    kind = _cast_type(tree.args["to"])
    if kind is None:
        expected = f"a type: {choices_text(item.value for item in ColumnType if item is not ColumnType.DURATION)}"
        return reader.complain(tree, "unknown-type", f"`{reader.shown(tree)}`", expected)
    if (group(made.type), group(kind)) in _NO_CAST:
        mend = "`days_between` and `extract` turn days into numbers" if group(made.type) == "moment" else ""
        found = f"`{reader.shown(tree.this)}`, {type_word(made.type)}, as {type_word(kind)}"
        return reader.complain(tree, "different-types", found, "", mend)
    if is_as_of(made) and group(kind) == "moment":
        return Column("as_of", kind)
    name = "try_cast" if isinstance(tree, exp.TryCast) else "cast"
    return Call(name, (made, Literal(kind.value, ColumnType.TEXT)), kind)


def read_extract(reader: TreeReader, tree: Tree) -> Expr:
    """Return ``extract(hour from x)``."""
    moment = reader.of_kind(tree.expression, "moment", "`extract`")
    return _calendar(reader, tree, "extract", str(tree.this.name).lower(), moment, EXTRACT_PARTS)


def read_trim(reader: TreeReader, tree: Tree) -> Expr:
    """Return ``trim(x)``."""
    return Call("trim", (reader.of_kind(tree.this, "text", "`trim`"),), ColumnType.TEXT)


def _calendar(reader: TreeReader, tree: Tree, name: str, part: str, moment: Expr, parts: Sequence[str]) -> Expr:
    if part not in parts:
        found, expected = f"the part `{part}`", f"one of {choices_text(parts)}"
        return reader.complain(tree, "unknown-word", found, expected, suggest(part, parts))
    if part in ("hour", "minute", "second") and moment.type is ColumnType.DATE:
        return reader.complain(tree, "different-types", f"the {part} of a date", "a timestamp column")
    kind = ColumnType.INTEGER if name == "extract" else moment.type or ColumnType.DATE
    return Call(name, (Literal(part, ColumnType.TEXT), moment), kind)


def _unknown(reader: TreeReader, tree: Tree, name: str) -> Expr:
    if name in AGGREGATES:
        mend = "an aggregate stands in `measure`, over all rows of a period; a row knows only itself"
        return reader.complain(tree, "aggregate-in-row", f"`{reader.shown(tree)}`", "an expression over one row", mend)
    expected = f"a function of the language: {choices_text((*FUNCTIONS, 'cast', 'try_cast', 'extract'))}"
    mend = INSTEAD.get(name) or suggest(name, FUNCTIONS)
    return reader.complain(tree, "unknown-function", f"the function `{name}`", expected, mend)


def _between_moments(reader: TreeReader, name: str, args: Sequence[Tree]) -> Expr:
    parts = [reader.of_kind(arg, "moment", f"`{name}`") for arg in args]
    wanted = common_type([part.type for part in parts if not is_as_of(part)]) or ColumnType.TIMESTAMP
    parts = [Column("as_of", wanted) if is_as_of(part) else part for part in parts]
    whole = name == "business_days" or all(part.type is ColumnType.DATE for part in parts)
    return Call(name, tuple(parts), ColumnType.INTEGER if whole else ColumnType.NUMBER)


def _typed(reader: TreeReader, name: str, known: Function, kinds: Sequence[str], args: Sequence[Tree]) -> Expr:
    made: list[Expr] = []
    for arg, kind in zip(args, kinds, strict=False):  # optional ones may be left out
        if kind == "pattern" and not (isinstance(arg, exp.Literal) and arg.args.get("is_string")):
            reader.complain(arg, "different-types", f"`{reader.shown(arg)}`", "a pattern written out in single quotes")
        else:
            made.append(reader.of_kind(arg, "text" if kind == "pattern" else kind, f"`{name}`"))
    return Call(name, tuple(made), known.result or (made[0].type if made else None) or ColumnType.NUMBER)


def _cast_type(to: Tree) -> ColumnType | None:
    word = str(getattr(to.this, "name", ""))
    if word == "USERDEFINED":
        return ColumnType.MONEY if str(to.args.get("kind")).lower() == "money" else None
    if word == "DECIMAL":  # the parser's reading of `number`
        return ColumnType.NUMBER if [item.name for item in to.expressions] in ([], ["18", "3"]) else None
    return _CASTS.get(word)
