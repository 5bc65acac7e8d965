"""The declarations as a revision of git has them; nothing of the working folder is touched."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from civicstat.errors import CivicstatError, DeclarationError, Fault

if TYPE_CHECKING:
    from civicstat.spec import Project

__all__ = ["project_at"]

_SECONDS = 60
_FILES = ("100644", "100755")  # what git calls a plain file; a link is none
_ALONE = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def project_at(root: Path, ref: str) -> Project:
    """Return what the project's files declared at a revision.

    Raises:
        CivicstatError: there is no git here or no such revision, or what was declared then is not fit to be read.
    """
    from civicstat.spec import load_project

    commit = _commit(root, ref)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for path, content in _files(root, commit, ref):
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try:
            return replace(load_project(place), root=root)
        except DeclarationError as error:
            count = len(error.faults)
            found = f"{count} fault{'' if count == 1 else 's'} in what was declared then, the first `{_first(error)}`"
            raise CivicstatError(_bad(ref, found, "a revision that this version can read")) from error


def _first(error: DeclarationError) -> str:
    fault = error.faults[0]
    return f"{fault.place.file}:{fault.place.line}: {fault.code}" if fault.place else fault.code


def _commit(root: Path, ref: str) -> str:
    expected = "`current`, an edition of `civicstat editions list`, or a revision of git"
    inside = _git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        found = f"`{ref}`, which is no edition, in a folder that is not under git"
        raise CivicstatError(_bad(ref, found, expected))
    named = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if named.returncode:
        raise CivicstatError(_bad(ref, f"`{ref}`, which is neither an edition nor a revision", expected))
    return named.stdout.decode().strip()


def _files(root: Path, commit: str, ref: str) -> list[tuple[str, bytes]]:
    """Return the plain files under ``metrics/``, by their path from the project's folder."""
    listed = _git(root, "ls-tree", "-r", "-z", commit, "--", "metrics").stdout.decode("utf-8", "surrogateescape")
    entries = [line.split("\t", 1) for line in listed.split("\0") if line]
    files = [(path, about.split()[2]) for about, path in entries if about.split()[0] in _FILES]
    if not files:
        raise CivicstatError(_bad(ref, "no folder `metrics` at that revision", "a project"))
    given = "".join(f"{blob}\n" for _, blob in files).encode()
    rest = _git(root, "cat-file", "--batch", given=given).stdout
    contents = []
    for path, _ in files:
        head, _, rest = rest.partition(b"\n")
        size = int(head.split()[2])
        contents.append((path, rest[:size]))
        rest = rest[size + 1 :]
    return contents


def _git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, **_ALONE},
        )
    except FileNotFoundError as error:
        raise CivicstatError(_bad("git", "a revision is wanted, and `git` is not installed", "")) from error
    except subprocess.TimeoutExpired as error:
        raise CivicstatError(_bad("git", f"no answer of `git` in {_SECONDS} seconds", "")) from error


def _bad(ref: str, found: str, expected: str) -> Fault:
    return Fault("bad-revision", ref, found, expected)
