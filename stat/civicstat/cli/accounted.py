"""Which rows a metric counts and why the others are out, as a table and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from civicstat.cli.table import print_table

if TYPE_CHECKING:
    from civicstat.editions import Account
    from civicstat.warehouse import LoadReport

__all__ = ["account_json", "print_account"]

_REASONS: Mapping[str, str] = {
    "no_date": "without a date",
    "after_clock": "dated after what is known",
    "other_period": "dated in another period",
    "outside_window": "dated outside the window that ends with the period",
    "opened_later": "opened later",
    "closed_before": "closed before",
    "where_missing": "`where` finds a value missing",
    "where_false": "`where` is not true",
    "no_side": "in no side of the ratio",
    "no_value": "without a value to count",
    "open": "still open",
    "no_start": "without a start",
    "to_before_from": "ends before it starts",
    "no_promise": "without a promised time",
    "not_yet_due": "open and not yet due",
    "other_recording": "of another recording in the period",
    "not_ripe": "too recent for what may still come",
    "not_first": "not a first event",
    "not_again": "of those who are not counted here",
}
"""In the order in which they are looked for; a row is out for the first that applies."""


_PRIVATE = "counted; of the others nothing is told, since small counts are withheld"


def print_account(report: LoadReport, accounts: Sequence[Account], period: str) -> None:
    """Print the account of all rows, or a line for each member."""
    when = period or "any period"
    if [dict(item.slice) for item in accounts] == [{}] and not accounts[0].withheld:
        print(f"Rows, {when}:")
        for number, what in _lines(report, accounts[0]):
            print(f"  {number:>{len(f'- {report.read:,}')}}  {what}")
        return
    reasons = [name for name in _REASONS if any(name in item.out for item in accounts)]
    rows = () if any(item.private for item in accounts) else ("rows",)
    names = (*(accounts[0].slice if accounts else ()), *rows, "counted", *(_REASONS[name] for name in reasons))
    print(f"Rows {'loaded' if rows else 'counted'}, {when}:")
    print_table(names, [_line(item, reasons) for item in accounts], sys.stdout)


def account_json(report: LoadReport, accounts: Sequence[Account], period: str) -> dict[str, Any]:
    """Return the same as JSON values."""
    return {
        "period": period or None,
        "read": report.read,
        "duplicates": report.duplicates,
        "quarantined": dict(report.quarantine),
        "loaded": report.loaded,
        "accounts": [
            {
                "slice": dict(item.slice),
                "rows": item.rows,
                "counted": item.counted,
                "out": dict(item.out),
                "withheld": item.withheld,
            }
            for item in accounts
        ],
    }


def _lines(report: LoadReport, account: Account) -> Iterator[tuple[str, str]]:
    yield f"{report.read:,}", "read"
    if report.duplicates:
        yield _less(report.duplicates), "duplicates of a key"
    for reason, count in report.quarantine.items():
        yield _less(count), f"in quarantine: {reason}"
    yield f"{report.loaded:,}", "loaded"
    for reason, text in _REASONS.items():
        if account.out.get(reason):
            yield _less(account.out[reason]), text
    yield f"{account.counted:,}", "counted" if not account.private else _PRIVATE


def _less(count: int) -> str:
    return f"- {count:,}"


def _line(account: Account, reasons: Sequence[str]) -> tuple[str | int | None, ...]:
    if account.private:
        return *account.slice.values(), "withheld" if account.withheld else account.counted
    return *account.slice.values(), account.rows, account.counted, *(account.out.get(name, 0) for name in reasons)
