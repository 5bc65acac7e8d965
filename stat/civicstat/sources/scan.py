"""One pass over a file's bytes: its digest, its encoding, and whether anything in it needs careful reading."""

from __future__ import annotations

import codecs
import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from civicstat.errors import SourceError
from civicstat.sources.files import InputFile, read_blocks, source_fault
from civicstat.sources.hashes import file_digest
from civicstat.spec import Dataset, file_kind

__all__ = ["Progress", "Scan", "scan_file"]

Progress = Callable[[int, int, str], Any]
"""Called with the bytes done, the bytes there are, and what is being read."""

HEAD = 1 << 18
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLANK = re.compile(rb"\n[ \t\r,;|]*(?=\n)")
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or an .xlsx workbook"),
    (b"\xd0\xcf\x11\xe0", "an .xls workbook"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"<!doctype", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<?xml", "an XML document"),
)
_JSON = ((b"{", "a JSON document"), (b"[{", "a JSON document"))
# Valid sequences of UTF-8 against single bytes above 127: which of the two a damaged file is made of.
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Other space than blanks, or a quoted value that begins or ends with a line break.
_ODD_SPACE = (b"\t", b"\v", b"\f", b"\xc2\xa0")
_ODD_QUOTED = re.compile(rb'"(?:(?<=\n")|(?<=[,;|\t]")[\r\n])')
_NOT_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes say.

    ``head`` is the start as text, ``lines`` the line feeds, ``odd`` why it needs the careful reader (empty: it does
    not), ``odd_space`` whether anything but plain spaces may stand around a value, ``quotes`` whether any quote occurs.
    """

    sha256: str
    encoding: str
    bom: bool
    head: str
    lines: int
    ends_in_newline: bool
    odd: str
    odd_space: bool
    quotes: bool
    newline: str


def scan_file(
    dataset: Dataset, file: InputFile, header_of: Callable[[str], int | None], advance: Callable[[int], Any]
) -> Scan:
    """Read every byte of ``file`` once (twice where it is not UTF-8) and return what they say.

    ``header_of`` finds the header's line in the start of a text, so that its repetition further down is seen.

    Raises:
        SourceError: truncated or damaged gzip, another kind of file, NUL bytes, or bytes that are not of the encoding.
    """
    declared = dataset.source.encoding
    start = _unpack(dataset, file, lambda stream: stream.read(HEAD))
    if not start:
        raise SourceError(source_fault(dataset, "empty-file", f"`{file.name}` unpacks to nothing"))
    _refuse_other_kinds(dataset, file, start)
    bom = next((name for mark, name in _BOMS if start.startswith(mark)), None)
    encoding = _canonical(dataset, declared) if declared else bom or "utf-8"
    line = header_of(start.decode("utf-8", "replace").removeprefix("\ufeff"))
    tally = _Tally(encoding, b"" if line is None else start.split(b"\n")[line - 1 : line][0])
    _unpack(dataset, file, tally.take_all)
    advance(file.size)
    tally.finish()
    if tally.nul is not None and not encoding.startswith(("utf-16", "utf-32")):
        offset, line = tally.nul
        raise SourceError(
            source_fault(
                dataset,
                "nul-byte",
                f"`{file.name}` has a zero byte at byte {offset:,}, line {line:,}",
                "text",
                "a file with many of them is UTF-16: write `encoding: utf-16-le`; else fetch the file again",
            )
        )
    if tally.bad is not None:
        encoding = _other_encoding(dataset, file, tally.bad, declared)
    text = codecs.getincrementaldecoder(encoding)(errors="strict").decode(start)
    odd = tally.odd
    if encoding != "utf-8":
        odd = f"the encoding is {encoding}"
    return Scan(
        tally.sha.hexdigest() if not file.gzipped else file_digest(file.path),
        encoding,
        bom is not None,
        text.removeprefix("\ufeff"),
        tally.lines,
        tally.last == b"\n",
        odd,
        tally.odd_space,
        tally.quotes,
        "\r\n" if tally.returns else "\n",
    )


class _Tally:
    """Counts over blocks; nothing is looked at byte by byte."""

    def __init__(self, encoding: str, header: bytes) -> None:
        self.sha = hashlib.sha256()
        self.decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
        self.skip_ascii = encoding == "utf-8"
        self.offset = self.lines = self.returns = self.pairs = 0
        self.nul: tuple[int, int] | None = None
        self.bad: tuple[int, int, int] | None = None
        self.odd = ""
        self.odd_space = self.quotes = False
        self.header = b"\n" + header + b"\n"
        self.reach = max(64, len(self.header))
        self.tail = b""
        self.last = b""

    def take_all(self, stream: BinaryIO) -> None:
        for block in read_blocks(stream):
            self._take(block)

    def _take(self, block: bytes) -> None:
        self.sha.update(block)
        if self.bad is None:
            self._decode(block)
        if self.nul is None and b"\0" in block:
            at = block.index(b"\0")
            self.nul = (self.offset + at, self.lines + block.count(b"\n", 0, at) + 1)
        # A pattern may lie across two blocks; copying whole blocks to see it would cost more than the search.
        seam = self.tail + block[: self.reach]
        self.quotes = self.quotes or b'"' in block
        if not self.odd and (_BLANK.search(seam) or _BLANK.search(block)):
            self.odd = "there are blank lines"
        if not self.odd and (self.header in seam or self.header in block):
            self.odd = "the header is repeated"
        if not self.odd_space:
            self.odd_space = self._has_odd_space(seam) or self._has_odd_space(block)
        self.lines += block.count(b"\n")
        if b"\r" in block or self.tail.endswith(b"\r"):
            self.returns += block.count(b"\r")
            self.pairs += block.count(b"\r\n") + (self.tail.endswith(b"\r") and block.startswith(b"\n"))
        self.offset += len(block)
        self.tail = (self.tail + block)[-self.reach :] if len(block) < self.reach else block[-self.reach :]
        self.last = block[-1:]

    def _has_odd_space(self, block: bytes) -> bool:
        marks = (mark for mark in _ODD_SPACE if mark[0] < 128 or not block.isascii())
        # One pattern that starts at the rare sign is four times as fast as looking for each text.
        return any(mark in block for mark in marks) or (self.quotes and _ODD_QUOTED.search(block) is not None)

    def finish(self) -> None:
        if self.bad is None:
            self._decode(b"", final=True)
        rest = self.tail.rpartition(b"\n")[2]
        if not self.odd and rest and not rest.strip(b" \t\r,;|"):
            self.odd = "there are blank lines"
        if not self.odd and self.tail.endswith(self.header.rstrip(b"\r\n")) and self.offset > self.reach:
            self.odd = "the header is repeated"
        if not self.odd and self.returns and (self.returns != self.pairs or self.pairs != self.lines):
            self.odd = "lines end in more than one way"

    def _decode(self, block: bytes, final: bool = False) -> None:
        pending = self.decoder.getstate()[0]
        if self.skip_ascii and not pending and block.isascii():
            return
        try:
            self.decoder.decode(block, final)
        except UnicodeDecodeError as error:
            at = self.offset - len(pending) + error.start
            line = self.lines + block.count(b"\n", 0, max(0, error.start - len(pending))) + 1
            self.bad = (at, line, error.object[error.start])


def _unpack(dataset: Dataset, file: InputFile, read: Callable[[Any], Any]) -> Any:
    try:
        with file.open() as stream:
            return read(stream)
    except (EOFError, OSError, zlib.error) as error:
        cut_off = isinstance(error, EOFError)
        code = "truncated-file" if cut_off else "damaged-file"
        found = f"`{file.name}` " + ("ends before its gzip data do" if cut_off else f"cannot be unpacked: {error}")
        raise SourceError(source_fault(dataset, code, found, "a whole file", "fetch the file again")) from error


def _refuse_other_kinds(dataset: Dataset, file: InputFile, start: bytes) -> None:
    lead = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    is_table = file_kind(file.name) == "table"
    for mark, kind in (*_SIGNATURES, *(_JSON if is_table else ())):
        if lead.startswith(mark.lower()):
            raise SourceError(
                source_fault(
                    dataset,
                    "wrong-file",
                    f"`{file.name}` is {kind}",
                    "a table as text: .csv or .tsv, gzipped or not" if is_table else "JSON, gzipped or not",
                    "an error page is often saved in place of the file: open it and look, then fetch it again",
                )
            )


def _canonical(dataset: Dataset, declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError as error:
        fault = source_fault(
            dataset, "unknown-encoding", f"encoding `{declared}`", "`utf-8`, `utf-16`, `cp1252`, `latin-1`, …"
        )
        raise SourceError(fault) from error
    return "utf-8" if name == "utf-8-sig" else name


def _other_encoding(dataset: Dataset, file: InputFile, bad: tuple[int, int, int], declared: str | None) -> str:
    offset, line, byte = bad
    found = f"`{file.name}`: byte 0x{byte:02X} at byte {offset:,}, line {line:,}"
    if declared:
        raise SourceError(
            source_fault(
                dataset,
                "not-in-encoding",
                found,
                f"text in `{declared}`, as declared",
                "mend `encoding`, or leave it out and let it be guessed",
            )
        )
    sequences = singles = 0
    undefined = False
    with file.open() as stream:
        for block in read_blocks(stream):
            if not block.isascii():
                inside = [len(match) for match in _SEQUENCE.findall(block)]
                sequences += len(inside)
                singles += len(_HIGH.findall(block)) - sum(inside)
                undefined = undefined or _NOT_1252.search(block) is not None
    if sequences > singles or undefined:
        raise SourceError(
            source_fault(
                dataset,
                "not-in-encoding",
                found,
                "UTF-8 throughout" if sequences > singles else "UTF-8, UTF-16 with a byte order mark, or Windows-1252",
                "fetch the file again, or declare its `encoding`",
            )
        )
    return "cp1252"
