"""Files as a city has them become tables whose shape is known: which bytes, which encoding, where the header stands."""

from civicstat.sources.files import InputFile, find_files, input_digest
from civicstat.sources.normalise import ESCAPES, Normalised, normalise
from civicstat.sources.scan import Progress
from civicstat.sources.shape import Table, inspect_file

__all__ = [
    "ESCAPES",
    "InputFile",
    "Normalised",
    "Progress",
    "Table",
    "find_files",
    "input_digest",
    "inspect_file",
    "normalise",
]
