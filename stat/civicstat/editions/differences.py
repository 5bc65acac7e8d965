"""Which published numbers the declarations would move, before anything is published."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from civicstat.editions.catalogue import Catalogue
from civicstat.editions.changes import Changes
from civicstat.editions.compare import compare_sides, side_of
from civicstat.editions.draft import declared_side, open_draft
from civicstat.editions.folder import Folder
from civicstat.editions.segments import Progress
from civicstat.spec import Project

__all__ = ["DECLARED", "Differences", "differences"]

DECLARED = "declared"
"""The name of what is declared now, where an edition has its id."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What would move, the catalogues of both sides, and the datasets loaded anew as each side reads them."""

    changes: Changes
    catalogues: tuple[Catalogue, Catalogue]
    loaded: tuple[str, ...]


def differences(
    project: Project, folder: Folder, edition_id: str, progress: Progress, earlier: tuple[str, Project] | None = None
) -> Differences:
    """Return what moves from an edition to the declarations of ``project`` over the same records.

    ``earlier``: a name and declarations of another time, which stand in place of the edition's own numbers.

    Raises:
        EditionError: there is no such edition, or its records are no longer kept.
        SourceError: a dataset that is declared to be read otherwise cannot be loaded.
    """
    with ExitStack() as stack:
        manifest = folder.manifest(edition_id)
        draft = stack.enter_context(open_draft(project, folder, manifest, progress=progress))
        loaded = draft.loaded
        if earlier is None:
            before = side_of(folder, edition_id)
        else:
            name, declared = earlier
            other = stack.enter_context(open_draft(declared, folder, manifest, progress=progress))
            before = stack.enter_context(declared_side(other, name))
            loaded = tuple(dict.fromkeys((*loaded, *other.loaded)))
        after = stack.enter_context(declared_side(draft, DECLARED))
        changes = compare_sides(folder, before, after)
    return Differences(changes, (before.catalogue, after.catalogue), loaded)
