"""The dimensions of a metric as declared: columns, bands, members of most rows, and crosses of two."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from civicstat.spec.cursor import Fields, Value
from civicstat.spec.dimension import Dimension
from civicstat.spec.model import Dataset
from civicstat.spec.references import NUMBERS, SLICES, column_name
from civicstat.spec.scope import Scope

__all__ = ["read_dimensions"]

_KEYS = ("by", "title", "bands", "top", "order", "min_n")
_MOST_BANDS = 24
_MOST_MEMBERS = 100


def read_dimensions(fields: Fields, scope: Scope, dataset: Dataset | None) -> tuple[Dimension, ...]:
    """Return the dimensions; ``scope`` names the columns of the dataset and the built-in ones of the metric's type.

    A column is split in one way in all of a metric: where it stands in a cross by its name alone, it is split as it is
    where it stands alone.
    """
    value = fields.get("dimensions")
    reader = _Reader(scope, dataset)
    items = value.items() if value else []
    alone = [None if item.is_list else reader.single(item) for item in items]
    found: list[Dimension] = []
    for item, single in zip(items, alone, strict=True):
        made = reader.cross(item) if item.is_list else single
        if made is None:
            continue
        if made.by in [dimension.by for dimension in found]:
            item.fault("named-twice", "each column, and each cross, once", found=f"`{made.by}` twice")
        else:
            found.append(made)
    return tuple(found)


class _Reader:
    """Reads the dimensions of one metric, remembering how each column is split."""

    def __init__(self, scope: Scope, dataset: Dataset | None) -> None:
        self.scope = scope
        self.dataset = dataset
        self.known: dict[str, Dimension] = {}

    def single(self, value: Value) -> Dimension | None:
        """Return a dimension of one column, a name or a map."""
        if not value.is_map:
            made = self.named(value, banded=False)
            return self.kept(made) if made else None
        inner = value.fields(_KEYS, (), "a dimension")
        by = inner.need("by", "the column, as `by: district`")
        bands, top, order, least = (inner.get(key) for key in ("bands", "top", "order", "min_n"))
        title = inner.text("title")
        made = self.named(by, banded=bands is not None) if by else None
        edges = _edges(bands) if bands else ()
        if bands and (top or order):
            (top or order or bands).fault("cannot-be-both", "`bands` alone: they have their own order and number")
        shown = order.strings() if order and not bands else ()
        for name in sorted({name for name in shown if shown.count(name) > 1}):
            assert order is not None
            order.fault("named-twice", "each member once", found=f"`{name}` twice")
        if made is None:
            return None
        return self.kept(
            replace(
                made,
                title=title,
                bands=edges,
                top=top.whole(1, _MOST_MEMBERS, "a number of members") if top and not bands else None,
                order=shown,
                min_n=least.whole(2, 1_000_000, "a number of rows") if least else 0,
            )
        )

    def named(self, value: Value, *, banded: bool) -> Dimension | None:
        """Return the dimension of a column as it is."""
        name = value.bare
        if name in ("age", "elapsed") and self.scope.known and name not in self.scope.columns:
            if name not in self.scope.builtin:
                where = {"age": "`age` is known in `stock`", "elapsed": "`elapsed` is known in `duration`"}[name]
                value.fault("unknown-column", f"a column of `{self.scope.dataset}`", where, f"column `{name}`")
            elif not banded:
                mend = f"write `{{by: {name}, bands: [7, 30, 90]}}`"
                value.fault("not-a-slice-column", "a column of few members", mend, f"`{name}`, a number")
            else:
                return Dimension(name)
            return None
        column = column_name(value, self.scope, NUMBERS if banded else SLICES)
        declared = self.dataset.columns.get(column) if self.dataset else None
        return Dimension(column, split=declared.split if declared else "") if column else None

    def kept(self, made: Dimension) -> Dimension:
        """Remember how a column is split alone."""
        self.known.setdefault(made.by, made)
        return made

    def cross(self, value: Value) -> Dimension | None:
        """Return a cross of two columns."""
        items = value.items()
        if len(items) != 2 or any(item.is_list for item in items):
            value.fault("not-a-cross", "two columns, as `[kind, district]`")
            return None
        parts = [self.part(item) for item in items]
        one, two = parts
        if one is None or two is None:
            return None
        if one.by == two.by:
            value.fault("named-twice", "two columns", found=f"`{one.by}` twice")
            return None
        if one.split and two.split:
            value.later("a cross of two columns with `split`")
            return None
        name = ",".join(sorted((one.by, two.by)))
        return Dimension(name, cross=(one, two), min_n=max(one.min_n, two.min_n))

    def part(self, item: Value) -> Dimension | None:
        """Return one side of a cross: by its name as it is split alone, or by a map of its own."""
        if not item.is_map:
            return self.known.get(item.bare) or self.named(item, banded=False)
        before = dict(self.known)
        made = self.single(item)
        if made and made.by in before and before[made.by] != made:
            mend = f"write `{made.by}` alone: in a cross it is split as it is beside it"
            item.fault("named-twice", "one way to split a column", mend, f"`{made.by}` split in two ways")
        return made


def _edges(value: Value) -> tuple[float, ...]:
    edges = [item.number() for item in value.items()] if value.is_list else []
    if not edges or len(edges) > _MOST_BANDS:
        value.fault("not-bands", f"a list of the numbers between bands, at most {_MOST_BANDS}, as `[7, 30, 90]`")
        return (0.0,)
    if any(low >= high for low, high in pairwise(edges)):
        value.fault("not-bands", "numbers that rise: each is where a band ends and the next begins")
    return tuple(edges)
