"""Records at rest: loading them typed and counted, and the only place that opens a database of them."""

from civicstat.sources import input_digest
from civicstat.warehouse.connect import HardeningError, Limits, attach, attach_joined, execute, open_reader, open_writer
from civicstat.warehouse.load import load_dataset
from civicstat.warehouse.report import LoadReport

__all__ = [
    "HardeningError",
    "Limits",
    "LoadReport",
    "attach",
    "attach_joined",
    "execute",
    "input_digest",
    "load_dataset",
    "open_reader",
    "open_writer",
]
