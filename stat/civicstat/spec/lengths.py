"""Lengths of time as they are written in a file: hours, minutes and seconds, `mm:ss` or `h:mm:ss`."""

from __future__ import annotations

import re

__all__ = ["length_parts"]

_PARTS = {"h": 3600, "hh": 3600, "m": 60, "mm": 60, "s": 1, "ss": 1}
_FIRST, _ONE, _TWO = "([0-9]+)", "([0-5]?[0-9])", "([0-5][0-9])"
_FRACTION = r"(?:\.[0-9]+)?"


def length_parts(form: str) -> tuple[str, tuple[int, ...]] | None:
    """Return the pattern of a text of this form and the seconds that one of each group is worth; None for no form.

    The first part may be any number, those after it are below 60; seconds may have a fraction where they stand last.

    >>> length_parts("mm:ss:00"), length_parts("ss:mm")
    (('([0-9]+):([0-5][0-9]):00', (60, 1)), None)
    """
    pieces = re.split(r"([A-Za-z]+)", form)
    names = pieces[1::2]
    worth = tuple(_PARTS.get(name, 0) for name in names)
    if not names or 0 in worth or list(worth) != sorted(set(worth), reverse=True):
        return None
    groups = [_FIRST, *(_TWO if len(name) == 2 else _ONE for name in names[1:])]
    if worth[-1] == 1 and not pieces[-1]:
        groups[-1] = f"{groups[-1][:-1]}{_FRACTION})"
    texts = [re.escape(text) for text in pieces[::2]]
    return texts[0] + "".join(group + text for group, text in zip(groups, texts[1:], strict=True)), worth
