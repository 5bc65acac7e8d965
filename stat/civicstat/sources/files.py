"""Which files a dataset's ``source`` names, and the digests of what they hold."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from civicstat.errors import Fault, SourceError, suggest
from civicstat.sources.hashes import Hashes
from civicstat.spec import Dataset

__all__ = [
    "InputFile",
    "find_files",
    "input_digest",
    "input_digests",
    "matching",
    "read_blocks",
    "source_fault",
]

BLOCK = 1 << 20
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of a dataset; ``name`` is its path as the project sees it, with forward slashes."""

    path: Path
    name: str
    size: int
    gzipped: bool

    def open(self) -> BinaryIO:
        """Open the file's own bytes, unpacked where it is gzipped."""
        return cast("BinaryIO", gzip.open(self.path, "rb")) if self.gzipped else self.path.open("rb")


def source_fault(
    dataset: Dataset,
    code: str,
    found: str,
    expected: str = "",
    help: str = "",  # noqa: A002 - the word of Fault
) -> Fault:
    """Return a fault that stands at the dataset's ``source``."""
    place = dataset.source.place or dataset.place
    return Fault(code, f"datasets.{dataset.name}.source.file", found, expected, help, place)


def find_files(dataset: Dataset, root: Path) -> tuple[InputFile, ...]:
    """Return the files the declaration takes, in the order of their names.

    Raises:
        SourceError: nothing matches, or a file is empty or cannot be read.
    """
    pattern = dataset.source.file
    matches = sorted(matching(root, pattern), key=lambda path: _name(path, root))
    if not matches:
        raise SourceError(_missing(dataset, root))
    if dataset.source.take in ("last", "first"):
        matches = [matches[-1] if dataset.source.take == "last" else matches[0]]
    return tuple(_input(dataset, path, _name(path, root)) for path in matches)


def input_digests(dataset: Dataset, root: Path, hashes: Hashes | None = None) -> dict[str, str]:
    """Return the SHA-256 of each of the dataset's files by its name, in the order of the files.

    Files that ``hashes`` knows and nothing has touched since are not read.

    Raises:
        SourceError: nothing matches, or a file is empty or cannot be read.
    """
    known = Hashes() if hashes is None else hashes
    return {file.name: known.digest(file.name, file.path) for file in find_files(dataset, root)}


def input_digest(digests: Mapping[str, str]) -> str:
    """Return one SHA-256 over the names and digests of files."""
    text = "".join(f"{name}\0{digest}\n" for name, digest in digests.items())
    return hashlib.sha256(text.encode()).hexdigest()


def read_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream in blocks until it ends."""
    while block := stream.read(BLOCK):
        yield block


def matching(root: Path, pattern: str) -> Iterator[Path]:
    """Yield the files that a source's path or pattern names, in no order."""
    # Path.glob refuses `..` on some versions and absolute patterns on all: the fixed part is walked by hand.
    parts = PurePosixPath(pattern).parts
    fixed = 0
    while fixed < len(parts) and not _GLOB & set(parts[fixed]):
        fixed += 1
    base = root.joinpath(*parts[:fixed])
    if fixed == len(parts):
        yield from [base] if base.is_file() else []
    elif base.is_dir():
        yield from (path for path in base.glob("/".join(parts[fixed:])) if path.is_file())


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _input(dataset: Dataset, path: Path, name: str) -> InputFile:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(2)
    except OSError as error:
        fault = source_fault(dataset, "unreadable-file", f"`{name}` cannot be read: {error.strerror}")
        raise SourceError(fault) from error
    if not size:
        fault = source_fault(
            dataset, "empty-file", f"`{name}` is empty", "a header and at least one record", "fetch the file again"
        )
        raise SourceError(fault)
    return InputFile(path, name, size, start == b"\x1f\x8b")


def _missing(dataset: Dataset, root: Path) -> Fault:
    pattern = dataset.source.file
    is_glob = bool(_GLOB & set(pattern))
    folder = root.joinpath(pattern).parent
    near = (
        "" if is_glob or not folder.is_dir() else suggest(Path(pattern).name, sorted(p.name for p in folder.iterdir()))
    )
    return source_fault(
        dataset,
        "no-such-file",
        f"no file matches `{pattern}`" if is_glob else f"no file `{pattern}`",
        "a path or pattern relative to the folder that holds `metrics/`",
        near or "put the file there, or mend `source.file`",
    )
