"""Which numbers are shares or rates of single events."""

from __future__ import annotations

import pytest

from civicstat.spec import Aggregate, Call, Column, ColumnType, Expr, Literal, Ratio, Side, chance_of

COUNT = Aggregate("count", None, ColumnType.INTEGER)
DISTINCT = Aggregate("count", Column("kind", ColumnType.TEXT), ColumnType.INTEGER, distinct=True)
HOURS = Aggregate("sum", Column("hours", ColumnType.NUMBER), ColumnType.NUMBER)


def call(name: str, *args: Expr) -> Expr:
    return Call(name, args, ColumnType.BOOLEAN)


KIND = Column("kind", ColumnType.TEXT)
POTHOLE = call("eq", KIND, Literal("Pothole", ColumnType.TEXT))
ANSWERED = call("is_not_null", KIND)
NORTH = call("eq", Column("district", ColumnType.TEXT), Literal("North", ColumnType.TEXT))


@pytest.mark.parametrize(
    ("top", "under", "chance"),
    [
        (Side(COUNT, POTHOLE), Side(COUNT), "share"),
        (Side(COUNT, POTHOLE), Side(COUNT, ANSWERED), "share"),
        (Side(COUNT, call("and", POTHOLE, NORTH)), Side(COUNT, NORTH), "share"),
        (Side(COUNT), Side(COUNT, NORTH), ""),
        (Side(COUNT, POTHOLE), Side(COUNT, NORTH), ""),
        (Side(COUNT, call("or", POTHOLE, NORTH)), Side(COUNT, ANSWERED), ""),
        (Side(COUNT, POTHOLE), Side(HOURS), "rate"),
        (Side(HOURS), Side(COUNT), ""),
        (Side(DISTINCT), Side(COUNT), ""),
        (Side(COUNT), Side(DISTINCT), ""),
    ],
)
def test_a_quotient_is_a_share_only_where_its_numerator_is_seen_to_be_inside(
    top: Side, under: Side, chance: str
) -> None:
    assert chance_of(Ratio(top, under, 100)) == chance
