"""Row expressions: each part of a parsed tree checked, typed and turned into our own tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from sqlglot import exp

from civicstat.errors import suggest
from civicstat.spec.calls import read_call, read_cast, read_extract, read_trim
from civicstat.spec.cursor import choices_text
from civicstat.spec.expr import Call, Case, Column, ColumnType, Expr, Literal
from civicstat.spec.functions import INSTEAD
from civicstat.spec.scope import TypeOf, group, type_word
from civicstat.spec.sql_text import Tree
from civicstat.spec.tree_reader import NOTHING, TreeReader
from civicstat.spec.unify import common_type

__all__ = ["ARITHMETIC", "RowReader", "arithmetic_type", "read_literal"]

_BOOLEAN = ColumnType.BOOLEAN

ARITHMETIC: Mapping[type[Tree], str] = {exp.Add: "add", exp.Sub: "sub", exp.Mul: "mul", exp.Div: "div"}
_COMPARISONS: Mapping[type[Tree], str] = {
    exp.EQ: "eq",
    exp.NEQ: "ne",
    exp.LT: "lt",
    exp.LTE: "le",
    exp.GT: "gt",
    exp.GTE: "ge",
    exp.NullSafeNEQ: "is_distinct",
    exp.NullSafeEQ: "is_not_distinct",
}
_NEGATED = {"in": "not_in", "like": "not_like", "is_null": "is_not_null"}


class RowReader(TreeReader):
    """Reads an expression over one row."""

    def read_known(self, tree: Tree) -> Expr:
        """Return the tree checked and typed."""
        handler = _HANDLERS.get(type(tree))
        return handler(self, tree) if handler else self.refuse_construct(tree)

    def condition(self, tree: Tree) -> Expr:
        """Return a part that has to be true or false."""
        made = self.read(tree)
        if made.type in (None, _BOOLEAN):
            return made
        mend = "compare it with something" if isinstance(made, Column) else ""
        found = f"`{self.shown(tree)}`, {type_word(made.type)}"
        return self.complain(tree, "not-a-condition", found, "a condition that is true or false", mend)


def arithmetic_type(name: str, kinds: Sequence[TypeOf]) -> ColumnType:
    """Return the type of a sum, difference, product or quotient; a quotient is never cut to a whole number."""
    wide = common_type(kinds) or ColumnType.NUMBER
    return ColumnType.NUMBER if name == "div" else wide


def read_literal(reader: TreeReader, tree: Tree) -> Expr:
    """Return a constant."""
    text = str(tree.this)
    if tree.args.get("is_string"):
        return Literal(text, ColumnType.TEXT)
    if re.fullmatch("[0-9]{1,18}", text):
        return Literal(int(text), ColumnType.INTEGER)
    number = Decimal(text) if re.fullmatch(r"[0-9.]{1,30}(e[-+]?[0-9]{1,2})?", text.lower()) else None
    if number is None or abs(number.adjusted()) > 30:
        return reader.complain(tree, "not-a-number", f"`{text}`", "a number of at most 30 digits")
    return Literal(number, ColumnType.NUMBER)


def _column(reader: RowReader, tree: Tree) -> Expr:
    if not isinstance(tree.this, exp.Identifier) or reader.extra(tree.this):
        return reader.complain(tree, "not-in-the-language", f"`{reader.shown(tree)}`", "the name of a column alone")
    scope, written = reader.scope, tree.this.name
    quoted = bool(tree.this.args.get("quoted"))
    name = written if quoted else written.lower()
    if name == "as_of":
        return Column("as_of", ColumnType.TIMESTAMP)
    if name in scope.builtin:
        return Column(name, scope.builtin[name])
    if name in scope.columns:
        kind = scope.columns[name]
        return Column(name, kind) if kind else NOTHING
    if name in scope.later:
        found = f"`{name}` in a row condition, which is part of the language but not available yet"
        return reader.complain(tree, "not-available-yet", found, "", "`days_between(a, b)` is there, and `as_of`")
    if not scope.known:
        return NOTHING
    mend = scope.why_not(name) or suggest(name, scope.names()) or INSTEAD.get(name, "")
    if quoted:
        mend = f"text stands in single quotes: `'{written}'`"
    expected = f"a column of `{scope.dataset}`: {choices_text(scope.names())}"
    return reader.complain(tree, "unknown-column", f"`{written}`", expected, mend)


def _all_of(reader: RowReader, tree: Tree) -> Expr:
    """Return ``and`` or ``or`` of all conditions in a row, however many."""
    kind, stack, found = type(tree), [tree], []
    while stack:
        part = stack.pop()
        if type(part) is kind:
            stack += [part.expression, part.this]
        else:
            found.append(part)
    return Call("and" if kind is exp.And else "or", tuple(reader.condition(part) for part in found), _BOOLEAN)


def _negated(reader: RowReader, tree: Tree) -> Expr:
    """Return ``not``, joined with what it stands before where SQL has a word for both."""
    made = reader.condition(tree.this)
    if isinstance(made, Call) and made.name in _NEGATED and not isinstance(tree.this, exp.Paren):
        return Call(_NEGATED[made.name], made.args, _BOOLEAN)
    return Call("not", (made,), _BOOLEAN)


def _is(reader: RowReader, tree: Tree) -> Expr:
    if isinstance(tree.expression, exp.Null):
        return Call("is_null", (reader.read(tree.this),), _BOOLEAN)
    flag = isinstance(tree.expression, exp.Boolean)
    mend = "write the condition alone, or `not` before it" if flag else "write `=`"
    return reader.complain(tree, "not-in-the-language", "`is` before a value", "`is null` or `is not null`", mend)


def _in(reader: RowReader, tree: Tree) -> Expr:
    if not tree.expressions:
        return reader.refuse_construct(tree, "`in ('a', 'b')`")
    return Call("in", tuple(reader.together([tree.this, *tree.expressions])[0]), _BOOLEAN)


def _between(reader: RowReader, tree: Tree) -> Expr:
    return Call("between", tuple(reader.together([tree.this, tree.args["low"], tree.args["high"]])[0]), _BOOLEAN)


def _like(reader: RowReader, tree: Tree) -> Expr:
    parts = tuple(reader.of_kind(part, "text", "`like`") for part in (tree.this, tree.expression))
    return Call("not_like" if tree.args.get("negate") else "like", parts, _BOOLEAN)


def _concat(reader: RowReader, tree: Tree) -> Expr:
    parts = tuple(reader.of_kind(part, "text", "`||`") for part in (tree.this, tree.expression))
    return Call("concat", parts, ColumnType.TEXT)


def _negative(reader: RowReader, tree: Tree) -> Expr:
    made = reader.of_kind(tree.this, "number", "`-`")
    if isinstance(made, Literal) and isinstance(made.value, int | Decimal):
        return Literal(-made.value, made.type)
    return Call("neg", (made,), made.type or ColumnType.NUMBER)


def _case(reader: RowReader, tree: Tree) -> Expr:
    """Return ``case``; ``case x when 1`` compares ``x`` with each."""
    branches, subject, default = tree.args["ifs"], tree.this, tree.args.get("default")
    if any(reader.extra(branch) for branch in branches):
        return reader.refuse_construct(tree)
    if subject is not None:
        tests = [_comparison(reader, exp.EQ(this=subject, expression=branch.this)) for branch in branches]
    else:
        tests = [reader.condition(branch.this) for branch in branches]
    results = [branch.args["true"] for branch in branches] + ([default] if default is not None else [])
    made, kind = reader.together(results)
    if kind is None:
        return NOTHING
    otherwise = made[-1] if default is not None else None
    return Case(tuple(zip(tests, made, strict=False)), otherwise, kind)  # the default is behind


def _comparison(reader: RowReader, tree: Tree) -> Expr:
    name = _COMPARISONS[type(tree)]
    for side, other in ((tree.this, tree.expression), (tree.expression, tree.this)):
        if isinstance(side, exp.Null) and not name.startswith("is_"):
            word = "is not null" if name == "ne" else "is null"
            mend = f"write `{reader.shown(other)} {word}`"
            return reader.complain(tree, "never-true", "a comparison with null, which is never true", "", mend)
    return Call(name, tuple(reader.together([tree.this, tree.expression])[0]), _BOOLEAN)


def _arithmetic(reader: RowReader, tree: Tree) -> Expr:
    name = ARITHMETIC[type(tree)]
    parts = [reader.read(tree.this), reader.read(tree.expression)]
    if any(group(part.type) == "moment" for part in parts):
        one, two = reader.shown(tree.this), reader.shown(tree.expression)
        both = name == "sub" and all(group(part.type) in ("moment", "") for part in parts)
        mend = f"write `days_between({two}, {one})`" if both else "`days_between(a, b)` is the days between two"
        found = f"`{reader.shown(tree)}`, arithmetic with days"
        return reader.complain(tree, "date-arithmetic", found, "numbers", mend)
    for part, side in zip(parts, (tree.this, tree.expression), strict=True):
        if group(part.type) not in ("number", ""):
            found, mend = f"`{reader.shown(side)}`, {type_word(part.type)}", reader.cast_mend(side, part, "number")
            return reader.complain(side, "different-types", found, "a number", mend)
    return Call(name, tuple(parts), arithmetic_type(name, [part.type for part in parts]))


_HANDLERS: Mapping[type[Tree], Callable[[RowReader, Tree], Expr]] = {
    **dict.fromkeys(_COMPARISONS, _comparison),
    **dict.fromkeys(ARITHMETIC, _arithmetic),
    exp.Column: _column,
    exp.Literal: read_literal,
    exp.Boolean: lambda reader, tree: Literal(bool(tree.this), _BOOLEAN),
    exp.Null: lambda reader, tree: NOTHING,
    exp.Paren: lambda reader, tree: reader.read(tree.this),
    exp.And: _all_of,
    exp.Or: _all_of,
    exp.Not: _negated,
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Like: _like,
    exp.DPipe: _concat,
    exp.Neg: _negative,
    exp.Case: _case,
    exp.Cast: read_cast,
    exp.TryCast: read_cast,
    exp.Extract: read_extract,
    exp.Trim: read_trim,
    exp.Anonymous: read_call,
}
