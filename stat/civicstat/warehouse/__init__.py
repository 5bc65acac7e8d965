"""Records at rest: loading them typed and counted, and the only place that opens a database of them."""

from civicstat.sources import Hashed, Hashes, input_digest, input_digests
from civicstat.warehouse.connect import (
    ENGINE_ERRORS,
    HardeningError,
    Limits,
    attach,
    attach_joined,
    checkpoint,
    execute,
    open_reader,
    open_writer,
)
from civicstat.warehouse.held import CannotAddError, Held, names_clock
from civicstat.warehouse.load import load_dataset
from civicstat.warehouse.postgresql import LEAST_VERSION, as_declared, open_postgresql, postgresql_dialect
from civicstat.warehouse.report import LoadReport, joined
from civicstat.warehouse.selecting import Beneath, clock_beneath, select_dataset

__all__ = [
    "ENGINE_ERRORS",
    "LEAST_VERSION",
    "Beneath",
    "CannotAddError",
    "HardeningError",
    "Hashed",
    "Hashes",
    "Held",
    "Limits",
    "LoadReport",
    "as_declared",
    "attach",
    "attach_joined",
    "checkpoint",
    "clock_beneath",
    "execute",
    "input_digest",
    "input_digests",
    "joined",
    "load_dataset",
    "names_clock",
    "open_postgresql",
    "open_reader",
    "open_writer",
    "postgresql_dialect",
    "select_dataset",
]
