"""Measures: aggregates over rows, and the arithmetic between them."""

from __future__ import annotations

from sqlglot import exp

from civicstat.errors import suggest
from civicstat.spec.expr import Aggregate, Call, ColumnType, Expr
from civicstat.spec.functions import AGGREGATES, FUNCTIONS, INSTEAD
from civicstat.spec.row import ARITHMETIC, RowReader, arithmetic_type, read_literal
from civicstat.spec.scope import group, type_word
from civicstat.spec.sql_text import Tree
from civicstat.spec.tree_reader import TreeReader

__all__ = ["MeasureReader"]

_NUMBER, _WHOLE = ColumnType.NUMBER, ColumnType.INTEGER
_LEVEL = "aggregates, numbers and `+ - * /` between them"


class MeasureReader(TreeReader):
    """Reads a measure; inside an aggregate stands a row expression.

    ``of_any`` are the aggregates that take values of any type.
    """

    of_any: tuple[str, ...] = ("count",)

    def read_known(self, tree: Tree) -> Expr:
        """Return the measure checked and typed."""
        kind = type(tree)
        if kind in ARITHMETIC:
            parts = (self.read(tree.this), self.read(tree.expression))
            return Call(ARITHMETIC[kind], parts, arithmetic_type(ARITHMETIC[kind], [part.type for part in parts]))
        if isinstance(tree, exp.Paren):
            return self.read(tree.this)
        if isinstance(tree, exp.Neg):
            made = self.read(tree.this)
            return Call("neg", (made,), made.type or _NUMBER)
        if isinstance(tree, exp.Literal) and not tree.args.get("is_string"):
            return read_literal(self, tree)
        if isinstance(tree, exp.Anonymous):
            return self.aggregate(tree)
        if isinstance(tree, exp.Column) and isinstance(tree.this, exp.Identifier):
            mend = f"write `sum({tree.name})`, `avg({tree.name})` or `count({tree.name})`"
            return self.complain(tree, "not-aggregated", f"`{self.shown(tree)}` outside an aggregate", _LEVEL, mend)
        if isinstance(tree, exp.Case):
            mend = "a `case` stands inside the aggregate: `sum(case when … then 1 else 0 end)`"
            return self.complain(tree, "not-a-measure", "`case` outside an aggregate", _LEVEL, mend)
        if isinstance(tree, exp.Filter | exp.Window | exp.Query):
            return self.refuse_construct(tree)
        return self.complain(tree, "not-a-measure", f"`{self.shown(tree)}`", _LEVEL)

    def aggregate(self, tree: Tree) -> Expr:
        """Return one aggregate."""
        name = str(tree.this).lower()
        args = list(tree.expressions)
        if name in FUNCTIONS:
            mend = "0 as a divisor gives no value by itself" if name == "nullif" else "it may stand inside an aggregate"
            return self.complain(tree, "not-a-measure", f"`{name}` outside an aggregate", _LEVEL, mend)
        if name not in AGGREGATES:
            expected = f"one of {', '.join(f'`{known}`' for known in AGGREGATES)}"
            mend = INSTEAD.get(name) or suggest(name, AGGREGATES)
            return self.complain(tree, "unknown-function", f"the function `{name}`", expected, mend)
        share = None
        if name == "percentile":
            if len(args) != 2:
                return self.wrong(tree, name)
            share = self.share(args.pop())
        distinct = len(args) == 1 and isinstance(args[0], exp.Distinct)
        if distinct:
            if name != "count" or len(args[0].expressions) != 1 or self.extra(args[0]):
                return self.wrong(tree, name)
            args = args[0].expressions
        if len(args) != 1:
            return self.wrong(tree, name)
        if isinstance(args[0], exp.Star):
            plain = name == "count" and not distinct and not self.extra(args[0])
            return Aggregate("count", None, _WHOLE) if plain else self.wrong(tree, name)
        return self.over(tree, name, args[0], distinct, share)

    def over(self, tree: Tree, name: str, arg: Tree, distinct: bool, share: float | None) -> Expr:
        """Return an aggregate over a row expression."""
        made = self.row(arg)
        if name not in self.of_any and group(made.type) not in ("number", ""):
            found = f"`{self.shown(arg)}`, {type_word(made.type)}"
            column = self.shown(arg)
            mend = f"write `{name}(try_cast({column} as number))`" if group(made.type) == "text" else ""
            return self.complain(tree, "different-types", found, f"a number for `{name}`", mend)
        if name == "count":
            kind = _WHOLE
        elif name in ("sum", "min", "max") or made.type is ColumnType.MONEY:
            kind = made.type or _NUMBER
        else:
            kind = _NUMBER
        return Aggregate(name, made, kind, distinct, share)

    def row(self, tree: Tree) -> Expr:
        """Return what stands inside an aggregate."""
        rows = RowReader(self.text, self.scope)
        made = rows.read(tree)
        self.complaints += rows.complaints
        return made

    def share(self, tree: Tree) -> float:
        """Return the share of ``percentile``, more than 0 and less than 1."""
        written = isinstance(tree, exp.Literal) and not tree.args.get("is_string")
        value = float(tree.name) if written else 0.0
        if 0 < value < 1:
            return value
        mend = f"write `{value / 100:g}`" if 1 < value < 100 else ""
        self.complain(
            tree, "not-a-number", f"the share `{self.shown(tree)}`", "a share between 0 and 1, as `0.9`", mend
        )
        return 0.5

    def wrong(self, tree: Tree, name: str) -> Expr:
        """Refuse an aggregate with arguments it does not take."""
        return self.complain(tree, "wrong-arguments", f"`{self.shown(tree)}`", AGGREGATES[name])
