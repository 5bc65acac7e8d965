"""What moved between two editions, as a table and as JSON."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civicstat.cli.opened import open_office
from civicstat.cli.table import print_table

if TYPE_CHECKING:
    from civicstat.editions import Catalogue, Change, Changes, MetricInfo

__all__ = ["print_changes", "tell_changes"]

_MORE_DIGITS = 6
_NAMES = ("metric", "period", "slice", "what", "cause", "before", "after", "status before", "status after")


def print_changes(root: Path, before: str, after: str, *, as_json: bool) -> None:
    """Print every number that moved from one edition to the other, totals first, and what it was."""
    from civicstat.editions import Folder, compare_editions

    catalogues = [open_office(root, edition_id).catalogue for edition_id in (before, after)]
    tell_changes(compare_editions(Folder(root), before, after), catalogues, after, as_json=as_json)


def tell_changes(changes: Changes, catalogues: Sequence[Catalogue], after: str, *, as_json: bool) -> None:
    """Print what moved; ``catalogues`` are those of both sides, ``after`` is the name of the later one."""
    if as_json:
        print(json.dumps(_json(changes, after), ensure_ascii=False, indent=1))
        return
    if changes.changes:
        print_table(_NAMES, [_line(change, catalogues) for change in changes.changes], sys.stdout)
    print(_counted(changes), file=sys.stderr)


def _json(changes: Changes, after: str) -> dict[str, Any]:
    counts = {name: getattr(changes, name) for name in ("kinds", "causes", "slice_kinds", "slice_causes")}
    moved = [dataclasses.asdict(change) for change in changes.changes]
    return {"before": changes.previous.id, "after": after, **counts, "changes": moved}


def _line(change: Change, catalogues: Sequence[Catalogue]) -> tuple[str, ...]:
    from civicstat.words import plain, status_word

    before, after = catalogues
    catalogue = after if change.metric in after.metrics else before
    city = catalogue.city
    lang = city.languages[0]
    cause = ", also ".join(word.replace("_", " ") for word in (change.cause, *change.also) if word)
    statuses = (
        plain(status_word(status, lang, city.status_words)) if status else ""
        for status in (change.before_status, change.after_status)
    )
    members = ", ".join(f"{name}={member}" for name, member in change.slice.items())
    values = _values(change, catalogue.metrics[change.metric], lang)
    return change.metric, change.period, members, change.kind, cause, *values, *statuses


def _values(change: Change, info: MetricInfo, lang: str) -> tuple[str, str]:
    """Return both values as the metric prints them, with more digits where they would look the same."""
    from civicstat.words import plain, value_text

    values = (change.before, change.after)
    look = (info.prefix, info.suffix, info.compact)
    for decimals in range(info.decimals, info.decimals + _MORE_DIGITS):
        texts = [plain(value_text(value, info.unit, decimals, lang, *look)) for value in values]
        if texts[0] != texts[1] or change.before == change.after:
            break
    if change.kind in ("restated", "settled") and texts[0] == texts[1]:  # of other records, though the same number
        counts = (change.before_n, change.after_n)
        texts = [text if n is None else f"{text} (n {n:,})" for text, n in zip(texts, counts, strict=True)]
    return texts[0], texts[1]


def _counted(changes: Changes) -> str:
    totals = ", ".join(f"{count:,} {kind}" for kind, count in changes.kinds.items()) or "none moved"
    slices = ", ".join(f"{count:,} {kind}" for kind, count in changes.slice_kinds.items()) or "none moved"
    return f"totals: {totals}; slices: {slices}"
