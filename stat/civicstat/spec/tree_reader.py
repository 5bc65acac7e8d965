"""What every reader of a parsed tree does: gather complaints, show parts as written, ask for a kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from civicstat.spec.expr import Column, ColumnType, Expr, Literal
from civicstat.spec.scope import Scope, TypeOf, group, type_word
from civicstat.spec.sql_text import Tree, extent, snippet
from civicstat.spec.unify import unify

__all__ = ["NOTHING", "PARTS", "Complaint", "TreeReader"]

NOTHING = Literal(None, None)

_TWO = ("this", "expression")

PARTS: Mapping[type[Tree], tuple[tuple[str, ...], str]] = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), (_TWO, "`a = b`")),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), (_TWO, "`a is distinct from b`")),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), (_TWO, "`a + b`")),
    exp.Div: ((*_TWO, "typed", "safe"), "`a / b`"),
    exp.DPipe: ((*_TWO, "safe"), "`a || b`"),
    **dict.fromkeys((exp.And, exp.Or), (_TWO, "`a and b`")),
    **dict.fromkeys((exp.Not, exp.Paren, exp.Neg, exp.Boolean), (("this",), "a row expression")),
    exp.Is: (_TWO, "`is null` or `is not null`"),
    exp.In: (("this", "expressions"), "`in ('a', 'b')`"),
    exp.Between: (("this", "low", "high"), "`x between a and b`"),
    exp.Like: ((*_TWO, "negate"), "`x like 'a%'`"),
    exp.Case: (("this", "ifs", "default"), "`case when … then … else … end`"),
    exp.If: (("this", "true"), "`when … then …`"),
    exp.Cast: (("this", "to", "_type"), "`cast(x as type)`"),
    exp.TryCast: (("this", "to", "_type", "safe"), "`try_cast(x as type)`"),
    exp.Extract: (_TWO, "`extract(hour from x)`"),
    exp.Trim: (("this",), "`trim(x)`"),
    exp.Anonymous: (("this", "expressions"), "`name(a, b)`"),
    exp.Column: (("this",), "the name of a column alone"),
    exp.Identifier: (("this", "quoted"), "the name of a column alone"),
    exp.Literal: (("this", "is_string"), "a constant"),
    exp.Star: ((), "`*`"),
    exp.Distinct: (("expressions",), "`count(distinct x)`"),
    exp.Null: ((), "`null`"),
}
"""What a part of each kind may carry, and how it is written. The parser hides words in what is not listed."""

_KIND_WORDS = {"text": "text", "number": "a number", "whole": "a whole number", "moment": "a date or timestamp"}
_REFUSED: Mapping[type[Tree], tuple[str, str]] = {
    exp.Query: ("a query inside the expression", "a dataset of its own can hold it"),
    exp.Window: ("a window function", ""),
    exp.Filter: ("`filter (where …)`", "a ratio's side has its own `where`"),
    exp.Placeholder: ("a placeholder", "write the value out"),
    exp.Interval: ("an interval", "`days_between(a, b) <= 5` compares days"),
    exp.ILike: ("`ilike`", "write `lower(x) like '…'`"),
    exp.Star: ("`*`", "`count(*)` stands in a measure"),
    exp.Struct: ("`{…}`", "another metric stands alone and in quotes"),
    exp.IntDiv: ("`//`", "write `floor(a / b)`"),
    exp.RegexpLike: ("`~`", "write `regexp_extract(x, 'pattern') <> ''`"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault of a part of the text from ``start`` to ``end``; ``end`` 0 is the whole."""

    code: str
    found: str
    expected: str
    mend: str
    start: int
    end: int


class TreeReader(ABC):
    """Reads a tree over the columns of a scope; what is wrong goes to ``complaints`` and reads on as null."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.complaints: list[Complaint] = []

    def read(self, tree: Tree) -> Expr:
        """Return the tree checked and typed; a part that carries more than the language gives it is refused."""
        if type(tree) in PARTS and self.extra(tree):
            return self.refuse_construct(tree, PARTS[type(tree)][1])
        return self.read_known(tree)

    @abstractmethod
    def read_known(self, tree: Tree) -> Expr:
        """Return the tree, which carries nothing unknown, checked and typed."""

    def complain(self, tree: Tree, code: str, found: str, expected: str = "", mend: str = "") -> Literal:
        """Gather a fault of ``tree`` and return null."""
        start, end = extent(tree, self.text)
        self.complaints.append(Complaint(code, found, expected, mend, start, end))
        return NOTHING

    def shown(self, tree: Tree) -> str:
        """Return a part as it is written."""
        return snippet(tree, self.text)

    def refuse_construct(self, tree: Tree, expected: str = "a row expression") -> Literal:
        """Refuse what SQL knows and the language does not."""
        for kind, (found, mend) in _REFUSED.items():
            if tree.find(kind):
                return self.complain(tree, "not-in-the-language", found, expected, mend)
        return self.complain(tree, "not-in-the-language", f"`{self.shown(tree)}`", expected)

    def extra(self, tree: Tree) -> bool:
        """Say whether a part carries more than the language gives it."""
        known, _ = PARTS[type(tree)]
        return any(value for key, value in tree.args.items() if key not in known)

    def of_kind(self, tree: Tree, kind: str, where: str) -> Expr:
        """Return a part that has to be text, a number, a whole number or a day or moment."""
        made = self.read(tree)
        wanted = "number" if kind == "whole" else kind
        if kind == "moment" and isinstance(made, Literal) and made.type is ColumnType.TEXT:
            parts, _, clash = unify([made, Column("", ColumnType.TIMESTAMP)], lambda n: self.shown(tree))
            return self.complain(tree, clash.code, f"`{self.shown(tree)}`", clash.expected) if clash else parts[0]
        broken = kind == "whole" and made.type in (ColumnType.NUMBER, ColumnType.MONEY)
        if made.type is None or (group(made.type) == wanted and not broken):
            return made
        found = f"`{self.shown(tree)}`, {type_word(made.type)}"
        expected = f"{_KIND_WORDS[kind]} for {where}"
        return self.complain(tree, "different-types", found, expected, self.cast_mend(tree, made, kind))

    def together(self, trees: Sequence[Tree]) -> tuple[list[Expr], TypeOf]:
        """Return parts that have to be of one kind, and their common type."""
        made = [self.read(part) for part in trees]
        parts, kind, clash = unify(made, lambda n: self.shown(trees[n]))
        if clash:
            self.complain(trees[clash.index], clash.code, clash.found, clash.expected, clash.mend)
            return parts, None
        return parts, kind

    def cast_mend(self, tree: Tree, made: Expr, kind: str) -> str:
        """Return the cast that would make a part of the kind that is wanted."""
        if kind == "text" and made.type:
            return f"write `cast({self.shown(tree)} as text)`"
        if kind in ("number", "whole") and group(made.type) == "text":
            return f"write `try_cast({self.shown(tree)} as {'integer' if kind == 'whole' else 'number'})`"
        return ""
