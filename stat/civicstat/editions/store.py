"""Follows the pointer to the current edition, and keeps serving the last good one when something is wrong with it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from civicstat.editions.edition import Edition, open_edition
from civicstat.editions.folder import Folder
from civicstat.errors import CivicstatError, Fault

__all__ = ["Store"]

_EVERY = 0.2  # seconds between two looks at the pointer

log = logging.getLogger(__name__)


class Store:
    """The editions of the project at ``root``, as one process reads them: the public file of each, or the office's.

    An edition handed out stays readable for as long as somebody holds it, whatever is published meanwhile.
    ``problem`` is what is wrong with the pointer or the edition it names, while an older one is served; None: nothing.
    """

    def __init__(self, root: Path, office: bool = False, shelf: str = "editions") -> None:
        self.folder = Folder(root, shelf)
        self.office = office
        self.problem: tuple[Fault, ...] | None = None
        self._lock = threading.Lock()
        self._edition: Edition | None = None
        self._next = 0.0

    def current(self) -> Edition:
        """Return the edition the pointer names, or the last good one.

        Raises:
            EditionError: there is none that can be opened.
        """
        if time.monotonic() >= self._next:
            with self._lock:
                if time.monotonic() >= self._next:
                    self._look()
                    self._next = time.monotonic() + _EVERY
        edition = self._edition
        if edition is None:  # another thread may have looked first and found none
            with self._lock:
                self._look()
                edition = self._edition
                assert edition is not None
        return edition

    def edition(self, edition_id: str) -> Edition:
        """Return an edition by its id.

        Raises:
            EditionError: there is no such edition, or it cannot be opened.
        """
        held = self._edition
        return held if held and held.id == edition_id else open_edition(self.folder, edition_id, self.office)

    def _look(self) -> None:
        """Open the edition the pointer names if it is another one; keep the one held if that fails."""
        try:
            wanted = self.folder.current()
            if self._edition is None or self._edition.id != wanted:
                self._edition = open_edition(self.folder, wanted, self.office)
        except CivicstatError as error:
            if self._edition is None:
                raise
            if self.problem != error.faults:
                log.error("still serving edition %s: %s", self._edition.id, error)
            self.problem = error.faults
        else:
            self.problem = None
