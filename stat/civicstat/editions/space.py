"""A build that fails leaves nothing behind, and says it in one way where the disk is full."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from civicstat.editions.folder import Folder
from civicstat.errors import EditionError, Fault

__all__ = ["refuse_full", "whole_or_nothing"]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SAID = ("No space left on device", "Disk quota exceeded", "File too large", "There is not enough space on the disk")
"""As systems say it; the engine passes their words on."""


@contextmanager
def whole_or_nothing(folder: Folder) -> Iterator[None]:
    """Clear away what a build left that was cut off, and what this one leaves if it fails. Under the build's lock only.

    Raises:
        EditionError: the disk is full, whoever found out.
    """
    folder.clean()
    try:
        yield
    except BaseException as error:
        with suppress(OSError):  # on Windows a file may still be open; the next build clears it away
            folder.clean()
        if _is_full(error):
            raise _full() from error
        raise


def refuse_full(errors: Iterable[str]) -> None:
    """Raise where one of the errors is a full disk: a metric that failed for it is not failed.

    Raises:
        EditionError: it is one.
    """
    if any(_says_full(text) for text in errors):
        raise _full()


def _is_full(error: BaseException | None) -> bool:
    while error is not None:
        if (isinstance(error, OSError) and error.errno in _FULL) or _says_full(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _says_full(text: str) -> bool:
    return any(words in text for words in _SAID)


def _full() -> EditionError:
    mend = "make room, for example with `civicstat editions prune`, then build again; the current edition is served"
    return EditionError(Fault("disk-full", "data", "no space left for the new edition", help=mend))
