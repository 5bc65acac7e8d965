"""Expressions of a `select`: columns of several datasets, aggregates over groups, functions over rows around a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from civicstat.errors import suggest
from civicstat.spec.cursor import choices_text
from civicstat.spec.expr import Aggregate, Call, Column, ColumnType, Expr, Ordered, Over
from civicstat.spec.functions import AGGREGATES, WINDOWS
from civicstat.spec.measure import MeasureReader
from civicstat.spec.row import RowReader
from civicstat.spec.scope import Scope
from civicstat.spec.sql_text import Tree
from civicstat.spec.tree_reader import NOTHING

__all__ = ["Allowed", "SelectReader"]

_WHOLE = ColumnType.INTEGER
_IN_WINDOW = ("this", "partition_by", "order", "spec", "over")
_IN_FRAME = ("kind", "start", "start_side", "end", "end_side")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand where an expression stands; ``aliases`` are the results whose names may be used."""

    aggregates: str = ""
    windows: str = ""
    aliases: Mapping[str, Tree] | None = None


class SelectReader(RowReader):
    """Reads an expression over the rows of ``sources``, which are the columns of each name behind `from` or `join`.

    An empty word of ``allowed`` says that such may stand here, any other what to write instead.
    """

    def __init__(self, text: str, sources: Mapping[str, Scope], allowed: Allowed) -> None:
        super().__init__(text, Scope("", {}))
        self.sources = sources
        self.allowed = allowed

    def read(self, tree: Tree) -> Expr:
        """Return the tree checked and typed."""
        if isinstance(tree, exp.Column):
            return self.column(tree)
        if isinstance(tree, exp.Window):
            return self.window(tree)
        if isinstance(tree, exp.Anonymous) and str(tree.this).lower() in AGGREGATES:
            return self.aggregate(tree)
        if isinstance(tree, exp.Anonymous) and str(tree.this).lower() in WINDOWS:
            expected = "`over (…)` behind it, which says of which rows in which order"
            return self.complain(tree, "not-in-the-language", f"`{self.shown(tree)}` alone", expected)
        return super().read(tree)

    def column(self, tree: Tree) -> Expr:
        """Return a column by the name of its dataset and its own, however it is written."""
        if not isinstance(tree.this, exp.Identifier) or tree.args.get("db"):
            mend = "write the columns out" if isinstance(tree.this, exp.Star) else ""
            return self.complain(
                tree, "not-in-the-language", f"`{self.shown(tree)}`", "`column` or `name.column`", mend
            )
        name = tree.this.name if tree.this.args.get("quoted") else tree.this.name.lower()
        if tree.args.get("table"):
            return self.of(tree, tree.args["table"].name.lower(), name)
        if name == "as_of":
            return Column(name, ColumnType.TIMESTAMP)
        holders = [source for source, scope in self.sources.items() if name in scope.columns]
        if len(holders) > 1:
            found = f"`{name}`, a column of {' and of '.join(f'`{holder}`' for holder in holders)}"
            mend = f"write `{holders[0]}.{name}`"
            return self.complain(tree, "ambiguous-column", found, "a column of one dataset", mend)
        if holders:
            return self.of(tree, holders[0], name)
        if self.allowed.aliases and name in self.allowed.aliases:
            return self.read(self.allowed.aliases[name])
        if not all(scope.known for scope in self.sources.values()):
            return NOTHING
        known = [column for scope in self.sources.values() for column in scope.names()]
        expected = f"a column of {choices_text(self.sources)}: {choices_text(known)}"
        mend = f"text stands in single quotes: `'{name}'`" if tree.this.args.get("quoted") else suggest(name, known)
        return self.complain(tree, "unknown-column", f"`{self.shown(tree)}`", expected, mend)

    def of(self, tree: Tree, source: str, name: str) -> Expr:
        """Return a column of one of the sources."""
        scope = self.sources.get(source)
        if scope is None:
            expected = f"a name behind `from` or `join`: {choices_text(self.sources)}"
            found = f"`{self.shown(tree)}`"
            return self.complain(tree, "unknown-dataset", found, expected, suggest(source, self.sources))
        if name in scope.columns:
            kind = scope.columns[name]
            return Column(f"{source}.{name}", kind) if kind else NOTHING
        if not scope.known:
            return NOTHING
        expected = f"a column of `{scope.dataset}`: {choices_text(scope.names())}"
        mend = suggest(name, scope.names())
        return self.complain(tree, "unknown-column", f"`{self.shown(tree)}`", expected, mend)

    def aggregate(self, tree: Tree) -> Expr:
        """Return an aggregate over the rows of a group."""
        if self.allowed.aggregates:
            found, expected = f"`{self.shown(tree)}`", "an expression over one row"
            return self.complain(tree, "aggregate-in-row", found, expected, self.allowed.aggregates)
        inside = Allowed("an aggregate of an aggregate takes a dataset of its own", _NO_WINDOW_INSIDE)
        return _Aggregates(self.inside(inside)).aggregate(tree)

    def inside(self, allowed: Allowed) -> SelectReader:
        """Return a reader of a part, where something else is allowed; its complaints are this one's."""
        reader = SelectReader(self.text, self.sources, replace(allowed, aliases=self.allowed.aliases))
        reader.complaints = self.complaints
        return reader

    def window(self, tree: Tree) -> Expr:
        """Return a function over the rows around a row."""
        if self.allowed.windows:
            found = f"`{self.shown(tree)}`"
            return self.complain(tree, "not-in-the-language", found, "no window here", self.allowed.windows)
        called = tree.this
        if not isinstance(called, exp.Anonymous) or any(v for k, v in tree.args.items() if k not in _IN_WINDOW):
            return self.refuse_window(tree)
        inner = self.inside(replace(self.allowed, windows=_NO_WINDOW_INSIDE))
        name = str(called.this).lower()
        of = _Aggregates(inner).aggregate(called) if name in AGGREGATES else inner.ranking(called, name)
        partition = tuple(inner.read(part) for part in tree.args.get("partition_by") or ())
        order = tuple(
            inner.ordered(part) for part in (tree.args["order"].expressions if tree.args.get("order") else ())
        )
        if name in WINDOWS and not order:
            mend = f"write `{name}(…) over (order by …)`"
            return self.complain(
                tree, "not-in-the-language", f"`{name}` without an order", "`order by` in `over (…)`", mend
            )
        if not isinstance(of, Aggregate | Call):
            return NOTHING
        spec = tree.args.get("spec")
        return Over(of, partition, order, self.frame(spec) if spec else None, of.type)

    def refuse_window(self, tree: Tree) -> Expr:
        """Refuse a form of window that the language has not."""
        expected = "`function(…) over (partition by … order by … rows between …)`"
        return self.complain(tree, "not-in-the-language", f"`{self.shown(tree)}`", expected)

    def ranking(self, tree: Tree, name: str) -> Expr:
        """Return a function that stands before `over` alone."""
        if name not in WINDOWS:
            expected = f"one of {choices_text((*WINDOWS, *AGGREGATES))}"
            return self.complain(
                tree, "unknown-function", f"the function `{name}`", expected, suggest(name, (*WINDOWS, *AGGREGATES))
            )
        known, args = WINDOWS[name], list(tree.expressions)
        if not len(known.args) - known.optional <= len(args) <= len(known.args):
            return self.complain(tree, "wrong-arguments", f"`{self.shown(tree)}`", known.meaning)
        made = [self.read(args[0])] if args else []
        if len(args) > 1:
            made.append(self.of_kind(args[1], "whole", f"`{name}`"))
        kind = known.result or (made[0].type if made else None)
        return Call(name, tuple(made), kind) if kind else NOTHING

    def ordered(self, tree: Tree) -> Ordered:
        """Return one of the values that put rows in order."""
        return Ordered(self.read(tree.this), bool(tree.args.get("desc")), bool(tree.args.get("nulls_first")))

    def frame(self, spec: Tree) -> tuple[int | None, int | None] | None:
        """Return the first and last row of a frame, counted from the row itself."""
        if str(spec.args.get("kind")).lower() != "rows" or any(v for k, v in spec.args.items() if k not in _IN_FRAME):
            found = f"`{spec.sql().lower()}`"
            self.complain(spec, "not-in-the-language", found, "`rows between 2 preceding and current row`")
            return None
        first = _bound(spec.args["start"], spec.args.get("start_side"))
        last = _bound(spec.args["end"], spec.args.get("end_side")) if spec.args.get("end") else 0
        if any(bound is False for bound in (first, last)):
            found = f"`{spec.sql().lower()}`"
            self.complain(spec, "not-in-the-language", found, "whole numbers, `unbounded` or `current row`")
            return None
        return first, last


_NO_WINDOW_INSIDE = "a window over a window takes a dataset of its own"


class _Aggregates(MeasureReader):
    """Reads an aggregate over values of a `select`; of texts and days too there is a least and a greatest."""

    of_any = ("count", "min", "max")

    def __init__(self, rows: SelectReader) -> None:
        super().__init__(rows.text, rows.scope)
        self.rows = rows
        self.complaints = rows.complaints

    def row(self, tree: Tree) -> Expr:
        return self.rows.read(tree)


def _bound(written: Tree | str, side: str | None) -> int | bool | None:
    """Return a bound of a frame, None for no bound, False for what is none."""
    if isinstance(written, str):
        return {"UNBOUNDED": None, "CURRENT ROW": 0}.get(written.upper(), False)
    text = str(written.this) if isinstance(written, exp.Literal) else ""
    if not text.isdigit() or len(text) > 4:
        return False
    return -int(text) if str(side).upper() == "PRECEDING" else int(text)
