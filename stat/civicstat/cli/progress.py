"""How far a long command is, on a terminal and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["quiet", "shown_progress"]

_FEW = 100  # steps so few that each is drawn at once


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function that draws a bar on standard error; None where that is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(what: str, done: int, of: int) -> None:
        if what not in bars:
            for bar in bars.values():
                bar.close()
            bars[what] = tqdm(total=of, desc=what, leave=False, bar_format="{desc:<24} {bar:30} {percentage:3.0f}%")
        bars[what].update(done - bars[what].n)
        if of < _FEW:
            bars[what].refresh()

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def quiet(what: str, done: int, of: int) -> None:
    """Say nothing of how far it is."""
