"""Formulas over other metrics: ``"{a} / {b@prior_year}"``, arithmetic and nothing else."""

from __future__ import annotations

import re
from typing import get_args

from sqlglot import exp

from civicstat.spec.expr import Call, Column, ColumnType, Expr
from civicstat.spec.kinds import Operand, Shift
from civicstat.spec.row import ARITHMETIC, read_literal
from civicstat.spec.scope import Scope
from civicstat.spec.sql_text import Tree
from civicstat.spec.tree_reader import TreeReader

__all__ = ["REFERENCE", "SHIFTS", "FormulaReader", "as_sql", "operand_of"]

REFERENCE = re.compile(r"\{([^{}]*)\}")
"""Another metric, as a formula names it."""

SHIFTS = tuple(word for word in get_args(Shift) if word)

_NUMBER = ColumnType.NUMBER
_LEVEL = "`{metric}`, numbers and `+ - * /` between them"


def as_sql(text: str) -> str:
    """Return a formula with its metrics as quoted names, every sign in the place where it stood.

    >>> as_sql("100 * {late} / {all@prior_year}")
    '100 * "late" / "all@prior_year"'
    """
    return REFERENCE.sub(lambda found: f'"{found[1]}"', text)


def operand_of(name: str) -> Operand | None:
    """Return the number that ``requests@prior_year`` names; None where the word behind the sign is none of ours."""
    metric, at, word = name.partition("@")
    shift: Shift
    for shift in get_args(Shift):
        if word == shift and bool(at) == bool(shift):
            return Operand(metric, shift)
    return None


class FormulaReader(TreeReader):
    """Reads a formula whose metrics are quoted names; ``scope`` is empty."""

    def __init__(self, text: str) -> None:
        super().__init__(text, Scope("", {}))

    def read_known(self, tree: Tree) -> Expr:
        """Return the formula checked; its metrics are columns of numbers."""
        kind = type(tree)
        if kind in ARITHMETIC:
            return Call(ARITHMETIC[kind], (self.read(tree.this), self.read(tree.expression)), _NUMBER)
        if isinstance(tree, exp.Paren):
            return self.read(tree.this)
        if isinstance(tree, exp.Neg):
            return Call("neg", (self.read(tree.this),), _NUMBER)
        if isinstance(tree, exp.Literal) and not tree.args.get("is_string"):
            return read_literal(self, tree)
        if isinstance(tree, exp.Column) and isinstance(tree.this, exp.Identifier):
            if tree.this.args.get("quoted"):
                return Column(tree.name, _NUMBER)
            mend = f"another metric stands in braces: `{{{tree.name}}}`"
            return self.complain(tree, "not-a-formula", f"`{self.shown(tree)}`", _LEVEL, mend)
        mend = "what counts rows is a metric of its own, which a formula names" if tree.find(exp.Anonymous) else ""
        return self.complain(tree, "not-a-formula", f"`{self.shown(tree)}`", _LEVEL, mend)
