"""A dataset that is a `select` over other datasets: its text read, checked and typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from civicstat.errors import suggest
from civicstat.spec import sql_text
from civicstat.spec.columns import RESERVED
from civicstat.spec.cursor import NAME, Value, choices_text
from civicstat.spec.expr import Aggregate, Column, Expr, Literal, walk
from civicstat.spec.nullable import missing_trap
from civicstat.spec.query import From, Join, Query, Select, beside_windows, swapped
from civicstat.spec.scope import Scope, group, type_word
from civicstat.spec.select_row import Allowed, SelectReader
from civicstat.spec.sql_text import Tree
from civicstat.spec.tree_reader import Complaint
from civicstat.spec.unify import common_type
from civicstat.spec.yaml_nodes import Scalar

__all__ = ["Known", "Selected", "named_datasets", "read_query"]

_CHAIN = "make it a dataset of its own and read that"
_IN_SELECT = ("expressions", "distinct", "from_", "joins", "where", "group", "having", "qualify")
_ORDER = "rows stand in order of `time` and `key`; `qualify row_number() over (…) = 1` picks the first of each"
_REFUSED: Mapping[str, tuple[str, str]] = {
    "with_": ("`with`", _CHAIN),
    "order": ("`order by` behind the rows", _ORDER),
    "limit": ("`limit`", _ORDER),
    "offset": ("`offset`", _ORDER),
    "windows": ("`window … as`", "write it in `over (…)`"),
    "sample": ("a sample", ""),
}
_SIDES: Mapping[str, Join] = {"": "inner", "LEFT": "left", "RIGHT": "right", "FULL": "full"}
_ON_ROWS = Allowed("a condition on groups stands in `having`", "a condition on a window stands in `qualify`")
_MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A dataset that may be read: what an expression over it may name, and which of its columns are sensitive."""

    scope: Scope
    sensitive: frozenset[str]


@dataclass(frozen=True, slots=True)
class Selected:
    """A query, and of its columns those that are sensitive and those that may lack a value."""

    query: Query
    sensitive: frozenset[str] = frozenset()
    nullable: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Notes:
    """What is wrong, gathered while one text is read."""

    text: str
    complaints: list[Complaint] = field(default_factory=list)

    def add(self, tree: Tree, code: str, found: str, expected: str = "", mend: str = "") -> None:
        start, end = sql_text.extent(tree, self.text)
        self.complaints.append(Complaint(code, found, expected, mend, start, end))

    def shown(self, tree: Tree) -> str:
        return sql_text.snippet(tree, self.text)


def named_datasets(value: Value) -> list[str]:
    """Return the names a query reads, whatever they are; none where it cannot be parsed."""
    try:
        tree = sql_text.parse_query(value.bare)
    except sql_text.Unparsable:
        return []
    return [table.name.lower() for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier)]


def read_query(value: Value, find: Callable[[str], Known | None], names: list[str]) -> Selected | None:
    """Return the query, None after a fault. ``find`` gives a declared dataset, ``names`` are those there are."""
    if not value.string("a query, as `select district, count(*) as cases from requests group by district`"):
        return None
    notes = _Notes(value.bare)
    try:
        tree = sql_text.parse_query(value.bare)
        read = _Reader(notes, find, names).union(tree)
    except sql_text.Unparsable as error:
        place = value.node.inside(error.start, error.width) if isinstance(value.node, Scalar) else value.place
        value.notes.add("not-an-expression", value.path, place, error.found, error.expected)
        return None
    except RecursionError:
        value.fault("too-deep", "at most 50 levels", found="a query of very many levels")
        return None
    for item in notes.complaints:
        place = value.place
        if item.end and isinstance(value.node, Scalar):
            place = value.node.inside(item.start, len(notes.text[item.start : item.end].split("\n")[0]))
        if item.code == "missing-left-out":
            value.notes.warn(item.code, value.path, place, item.found, item.expected, item.mend)
        else:
            value.notes.add(item.code, value.path, place, item.found, item.expected, item.mend)
    return None if any(item.code != "missing-left-out" for item in notes.complaints) else read


class _Reader:
    def __init__(self, notes: _Notes, find: Callable[[str], Known | None], names: list[str]) -> None:
        self.notes, self.find, self.names = notes, find, names

    def union(self, tree: Tree) -> Selected | None:
        """Return one SELECT, or all those between `union all`."""
        parts: list[Tree] = []
        while isinstance(tree, exp.Union) and tree.args.get("distinct") is False:
            if any(value for key, value in tree.args.items() if key not in ("this", "expression", "distinct")):
                break
            parts.insert(0, tree.expression)
            tree = tree.this
        parts.insert(0, tree)
        for part in parts:
            if not isinstance(part, exp.Select):
                other = isinstance(part, exp.SetOperation)
                mend = "write `union all`, and `distinct` in a dataset over it" if other else _CHAIN
                expected = "`select … from …`, `union all` between several"
                self.notes.add(part, "not-in-the-language", f"`{part.key}`" if other else "no `select`", expected, mend)
                return None
        if len(parts) > _MOST_PARTS:
            self.notes.add(tree, "too-deep", f"{len(parts)} selects", f"at most {_MOST_PARTS}")
            return None
        first = _One(self.notes, self.find, self.names).read(parts[0])
        if first is None:
            return None
        below = tuple(first.query.columns)
        read = [first, *(_One(self.notes, self.find, self.names).read(part, below) for part in parts[1:])]
        return self.joined(parts, [item for item in read if item]) if all(read) else None

    def joined(self, parts: list[Tree], read: list[Selected]) -> Selected | None:
        """Return selects below one another as one query, with the names of the first."""
        first, names = read[0], list(read[0].query.columns)
        kinds = list(first.query.columns.values())
        for part, item in zip(parts[1:], read[1:], strict=True):
            others = list(item.query.columns.items())
            if len(others) != len(names):
                found = f"{len(others)} columns below {len(names)}"
                self.notes.add(part, "different-columns", found, f"{len(names)}: {choices_text(names)}")
                return None
            for place, (name, kind) in enumerate(others):
                if group(kind) != group(kinds[place]):
                    found = f"`{name}`, {type_word(kind)}, below `{names[place]}`, {type_word(kinds[place])}"
                    self.notes.add(part.expressions[place], "different-types", found, "values of one kind")
                kinds[place] = common_type([kinds[place], kind]) or kind
        by_place = [dict(zip(item.query.columns, names, strict=True)) for item in read]
        pairs = list(zip(by_place, read, strict=True))
        sensitive = frozenset(called[name] for called, item in pairs for name in item.sensitive)
        nullable = frozenset(called[name] for called, item in pairs for name in item.nullable)
        selects = tuple(select for item in read for select in item.query.selects)
        return Selected(Query(selects, dict(zip(names, kinds, strict=True))), sensitive, nullable)


class _One:
    """Reads one SELECT."""

    def __init__(self, notes: _Notes, find: Callable[[str], Known | None], names: list[str]) -> None:
        self.notes, self.find, self.names = notes, find, names
        self.known: dict[str, Known] = {}

    def read(self, tree: Tree, below: tuple[str, ...] = ()) -> Selected | None:
        """Return the query; its columns have the names of those it stands ``below``, by their places."""
        for key, value in tree.args.items():
            if value and key not in _IN_SELECT:
                found, mend = _REFUSED.get(key, (f"`{key.rstrip('_')}`", ""))
                at = value if isinstance(value, exp.Expression) else tree
                self.notes.add(
                    at, "not-in-the-language", found, "`select … from … where … group by … having … qualify …`", mend
                )
        if self.notes.complaints:
            return None
        distinct = tree.args.get("distinct")
        if distinct and distinct.args.get("on"):
            self.refuse(tree, "`distinct on`", "`distinct`", _ORDER)
        sources = self.sources(tree)
        if sources is None:
            return None
        items, names, trees = self.items(tree, below)
        aliases = {part.alias_or_name.lower(): inner for part, inner in zip(tree.expressions, trees, strict=False)}
        groups = self.groups(tree, aliases)
        select = Select(
            items=tuple(items),
            sources=sources,
            where=self.condition(tree, "where", _ON_ROWS),
            group=groups,
            having=self.condition(tree, "having", replace(_ON_ROWS, aggregates="", aliases=aliases)),
            qualify=self.condition(tree, "qualify", Allowed(aliases=aliases)),
            distinct=bool(distinct),
        )
        if self.errors() or not items:
            return None
        if select.grouped:
            self.refuse_ungrouped(select, tree, trees)
        sure = all(item.scope.known and None not in item.scope.columns.values() for item in self.known.values())
        for part, name, item in zip(trees, names, items, strict=True):
            if item.type is None and sure:
                self.notes.add(
                    part, "no-type", f"`{name}`", "an expression whose type is known", "write `cast(null as text)`"
                )
        columns = {name: item.type for name, item in zip(names, items, strict=True) if item.type}
        if self.errors() or len(columns) < len(items):
            return None
        of = dict(zip(names, items, strict=True))
        return Selected(
            Query((select,), columns),
            frozenset(name for name, item in of.items() if self.is_sensitive(item)),
            frozenset(name for name, item in of.items() if self.may_lack(item, select)),
        )

    def errors(self) -> bool:
        return any(item.code != "missing-left-out" for item in self.notes.complaints)

    def refuse(self, tree: Tree, found: str, expected: str, mend: str = "") -> None:
        self.notes.add(tree, "not-in-the-language", found, expected, mend)

    def sources(self, tree: Tree) -> tuple[From, ...] | None:
        """Return the datasets behind `from` and `join`."""
        if not tree.args.get("from_"):
            self.refuse(tree, f"`{self.notes.shown(tree)[:60]}`", "`from`, with a dataset behind it")
            return None
        found = [self.table(tree.args["from_"].this)]
        for join in tree.args.get("joins") or ():
            found.append(self.joined(join))
        return tuple(item for item in found if item) if all(found) else None

    def table(self, tree: Tree) -> From | None:
        """Return a dataset under the name it is read by."""
        odd = [key for key, value in tree.args.items() if value and key not in ("this", "alias", "joins")]
        plain = isinstance(tree, exp.Table) and isinstance(tree.this, exp.Identifier) and not odd
        if not plain or tree.args.get("joins") or (tree.args.get("alias") and tree.args["alias"].args.get("columns")):
            inner = tree.find(exp.Query)
            found, mend = ("a query inside the query", _CHAIN) if inner else (f"`{self.notes.shown(tree)}`", "")
            self.refuse(tree, found, f"a dataset: {choices_text(self.names)}", mend)
            return None
        name = tree.this.name.lower()
        known = self.find(name)
        if known is None:
            if name not in self.names:
                expected = f"a dataset: {choices_text(self.names)}"
                self.notes.add(tree, "unknown-dataset", f"`{name}`", expected, suggest(name, self.names))
            else:
                self.notes.add(
                    tree,
                    "dataset-of-itself",
                    f"`{name}`, which is made of this one",
                    "datasets that are not made of themselves",
                )
            return None
        alias = tree.alias_or_name.lower()
        if alias in self.known:
            self.notes.add(
                tree,
                "named-twice",
                f"`{alias}` a second time",
                "each under a name of its own",
                f"write `{name} as {name}_2`",
            )
            return None
        self.known[alias] = known
        return From(alias, name)

    def joined(self, tree: Tree) -> From | None:
        """Return a dataset joined by a condition."""
        side, kind = str(tree.args.get("side") or "").upper(), str(tree.args.get("kind") or "").upper()
        odd = [key for key, value in tree.args.items() if value and key not in ("this", "on", "side", "kind", "using")]
        if odd or side not in _SIDES or kind not in ("", "INNER", "OUTER") or tree.args.get("using"):
            mend = "write `join b on a.x = b.x`"
            self.refuse(tree, f"`{self.notes.shown(tree)}`", "`join`, `left join`, `right join` or `full join`", mend)
            return None
        source = self.table(tree.this)
        if source is None:
            return None
        if tree.args.get("on") is None:
            self.refuse(tree, f"`{self.notes.shown(tree)}` without a condition", "`on`, with what makes two rows meet")
            return None
        return replace(source, join=_SIDES[side], on=self.conditional(tree.args["on"], _ON_ROWS))

    def reader(self, allowed: Allowed) -> SelectReader:
        reader = SelectReader(self.notes.text, {name: item.scope for name, item in self.known.items()}, allowed)
        reader.complaints = self.notes.complaints
        return reader

    def condition(self, tree: Tree, clause: str, allowed: Allowed) -> Expr | None:
        part = tree.args.get(clause)
        return self.conditional(part.this, allowed) if part else None

    def conditional(self, tree: Tree, allowed: Allowed) -> Expr:
        made = self.reader(allowed).condition(tree)
        nullable = frozenset(f"{name}.{column}" for name, item in self.known.items() for column in item.scope.nullable)
        if trap := missing_trap(made, nullable):
            self.notes.add(tree, "missing-left-out", trap.found, "", trap.mend)
        return made

    def items(self, tree: Tree, below: tuple[str, ...]) -> tuple[list[Expr], list[str], list[Tree]]:
        """Return what is selected, under which name, and the tree of each."""
        made: list[Expr] = []
        names: list[str] = []
        trees: list[Tree] = []
        for place, part in enumerate(tree.expressions):
            inner = part.this if isinstance(part, exp.Alias) else part
            name = part.alias if isinstance(part, exp.Alias) else part.name if isinstance(part, exp.Column) else ""
            name = name.lower() if NAME.fullmatch(name.lower()) else name
            if below:
                name = below[place] if place < len(below) else f"column_{place}"
            if isinstance(inner, exp.Star) or (isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star)):
                self.refuse(inner, "`*`", "the columns, one by one", "write the columns out")
            elif not name:
                mend = f"write `{self.notes.shown(inner)} as …`"
                self.notes.add(
                    part, "missing-key", f"`{self.notes.shown(inner)}` without a name", "`as` with a name", mend
                )
            elif not NAME.fullmatch(name):
                wanted = "lower-case letters, digits and `_`, a letter first, at most 60"
                self.notes.add(part, "not-a-name", f"the column `{name}`", wanted)
            elif name in RESERVED:
                self.notes.add(
                    part, "reserved-name", f"the column `{name}`", f"a name other than {choices_text(RESERVED)}"
                )
            elif name in names:
                self.notes.add(part, "named-twice", f"the column `{name}` a second time", "each name once")
            else:
                made.append(self.reader(Allowed()).read(inner))
                names.append(name)
                trees.append(inner)
        return made, names, trees

    def groups(self, tree: Tree, aliases: Mapping[str, Tree]) -> tuple[Expr, ...]:
        part = tree.args.get("group")
        if part is None:
            return ()
        odd = [key for key, value in part.args.items() if value and key != "expressions"]
        plural = exp.Literal | exp.Tuple | exp.Rollup | exp.Cube | exp.GroupingSets
        if odd or any(isinstance(item, plural) for item in part.expressions):
            self.refuse(
                part, f"`{' '.join(part.sql().lower().split())}`", "columns or expressions", "write each of them out"
            )
            return ()
        reader = self.reader(replace(_ON_ROWS, aliases=aliases))
        return tuple(reader.read(item) for item in part.expressions)

    def refuse_ungrouped(self, select: Select, tree: Tree, trees: list[Tree]) -> None:
        """Refuse a column that may differ between the rows of a group."""
        for item, part in zip(select.items, trees, strict=True):
            if loose := _loose(item, select.group):
                self.ungrouped(part, loose)
        for clause, expr in (("having", select.having), ("qualify", select.qualify)):
            if expr is not None and (loose := _loose(expr, select.group)):
                self.ungrouped(tree.args[clause], loose)

    def ungrouped(self, tree: Tree, column: str) -> None:
        found = f"`{column}`, which the rows of a group may differ in"
        mend = f"add it to `group by`, or write `min({column})`"
        self.notes.add(tree, "not-grouped", found, "what rows are grouped by, and aggregates", mend)

    def is_sensitive(self, expr: Expr) -> bool:
        """Say whether a value is made of a sensitive column; a number of rows or values is not."""
        if isinstance(expr, Aggregate) and expr.name == "count":
            return False
        hidden = {f"{name}.{column}" for name, item in self.known.items() for column in item.sensitive}
        return any(isinstance(part, Column) and part.name in hidden for part in walk(expr))

    def may_lack(self, expr: Expr, select: Select) -> bool:
        if isinstance(expr, Literal | Aggregate):
            return not (isinstance(expr, Literal) or expr.name == "count")
        outer = any(item.join != "inner" for item in select.sources)
        if not isinstance(expr, Column) or outer or "." not in expr.name:
            return True
        name, column = expr.name.split(".", 1)
        return column in self.known[name].scope.nullable


def _loose(expr: Expr, groups: tuple[Expr, ...]) -> str:
    """Return a column outside of aggregates that is not grouped by; nothing where there is none."""
    left = swapped(expr, {item: Literal(None, None) for item in groups})
    return next(_outside(left), "")


def _outside(expr: Expr) -> Iterator[str]:
    match expr:
        case Column(name=name):
            yield from () if name == "as_of" else (name,)
        case Aggregate():
            pass
        case _:
            for part in beside_windows(expr):
                yield from _outside(part)
