"""Files as a city has them become tables of known shape: which bytes and encoding, where the header or the list is."""

from civicstat.sources.files import InputFile, find_files, input_digest, input_digests, matching
from civicstat.sources.hashes import Hashed, Hashes
from civicstat.sources.normalise import normalise
from civicstat.sources.scan import Progress
from civicstat.sources.shape import Table, inspect_file, refuse_absent
from civicstat.sources.written import ESCAPES, Normalised

__all__ = [
    "ESCAPES",
    "Hashed",
    "Hashes",
    "InputFile",
    "Normalised",
    "Progress",
    "Table",
    "find_files",
    "input_digest",
    "input_digests",
    "inspect_file",
    "matching",
    "normalise",
    "refuse_absent",
]
