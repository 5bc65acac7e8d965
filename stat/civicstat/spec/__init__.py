"""Declarations: what a city writes under ``metrics/``, checked and typed before any data is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from civicstat.errors import Fault
from civicstat.spec.behind import (
    adds_up,
    adds_up_over_time,
    arithmetic,
    beneath,
    break_between,
    datasets_behind,
    is_sum,
    needed_for,
)
from civicstat.spec.chance import Chance, chance_of
from civicstat.spec.codes import Code, codes
from civicstat.spec.dimension import BLANK, OTHER, Dimension, in_order
from civicstat.spec.expr import Aggregate, Call, Case, Column, ColumnType, Expr, Literal, Ordered, Over, parts_of, walk
from civicstat.spec.file_kind import FileKind, file_kind
from civicstat.spec.impact import Use, uses_of
from civicstat.spec.kinds import (
    AGAINST,
    ELAPSED,
    FACTOR,
    Change,
    Cohort,
    Conversion,
    Cumulative,
    Distinct,
    DueColumn,
    Duration,
    Equivalent,
    Factor,
    FixedLimit,
    Formula,
    Limit,
    LimitBy,
    Made,
    Operand,
    Quotient,
    Ratio,
    Recurrence,
    RowBody,
    Share,
    Side,
    Simple,
    Snapshot,
    Stock,
    Within,
    levels_of,
    operands_of,
)
from civicstat.spec.lengths import length_parts
from civicstat.spec.model import (
    AsOf,
    Benchmark,
    Better,
    Break,
    BusinessDays,
    Check,
    City,
    ColumnDef,
    Dataset,
    Department,
    Derived,
    Event,
    Format,
    Goal,
    Keep,
    Metric,
    Near,
    Privacy,
    Project,
    Rebase,
    Records,
    Source,
    Spc,
    Text,
    Unpivot,
    Updates,
    WorkedExample,
)
from civicstat.spec.promised import Baseline, Improve, Level, OfMetric, Pace, Slope, Target, Yearly
from civicstat.spec.query import Query, Select, aggregated, swapped

__all__ = [
    "AGAINST",
    "BLANK",
    "ELAPSED",
    "FACTOR",
    "OTHER",
    "Aggregate",
    "AsOf",
    "Baseline",
    "Benchmark",
    "Better",
    "Break",
    "BusinessDays",
    "Call",
    "Case",
    "Chance",
    "Change",
    "Check",
    "City",
    "Code",
    "Cohort",
    "Column",
    "ColumnDef",
    "ColumnType",
    "Conversion",
    "Cumulative",
    "Dataset",
    "Department",
    "Derived",
    "Dimension",
    "Distinct",
    "DueColumn",
    "Duration",
    "Equivalent",
    "Event",
    "Expr",
    "Factor",
    "FileKind",
    "FixedLimit",
    "Format",
    "Formula",
    "Goal",
    "Improve",
    "Keep",
    "Level",
    "Limit",
    "LimitBy",
    "Literal",
    "Made",
    "Metric",
    "Near",
    "OfMetric",
    "Operand",
    "Ordered",
    "Over",
    "Pace",
    "Privacy",
    "Project",
    "Query",
    "Quotient",
    "Ratio",
    "Rebase",
    "Records",
    "Recurrence",
    "RowBody",
    "Select",
    "Share",
    "Side",
    "Simple",
    "Slope",
    "Snapshot",
    "Source",
    "Spc",
    "Stock",
    "Target",
    "Text",
    "Unpivot",
    "Updates",
    "Use",
    "Within",
    "WorkedExample",
    "Yearly",
    "adds_up",
    "adds_up_over_time",
    "aggregated",
    "arithmetic",
    "beneath",
    "break_between",
    "chance_of",
    "check_project",
    "codes",
    "datasets_behind",
    "file_kind",
    "in_order",
    "is_sum",
    "json_schema",
    "length_parts",
    "levels_of",
    "load_files",
    "load_project",
    "needed_for",
    "operands_of",
    "parts_of",
    "pretty_sql",
    "swapped",
    "uses_of",
    "walk",
]


def load_project(root: Path) -> Project:
    """Return what the files under ``root/metrics`` declare.

    Raises:
        DeclarationError: with every error of every file; warnings come from ``check_project``.
    """
    from civicstat.spec.loading import load_project as read  # sqlglot is slow to import and a web worker never parses

    return read(root)


def check_project(root: Path) -> tuple[Project | None, list[Fault]]:
    """Return the project, None where there is an error, and all errors and warnings in the order of the files."""
    from civicstat.spec.loading import check_project as read

    return read(root)


def load_files(files: Mapping[str, str], root: Path) -> Project:
    """Return what the texts ``files`` declare, by path relative to ``root`` (an edition keeps its declarations).

    Raises:
        DeclarationError: with every error of every file.
    """
    from civicstat.spec.loading import load_files as read

    return read(files, root)


def json_schema(project: Project | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a file of declarations; with ``project`` its names complete as well."""
    from civicstat.spec.schema import json_schema as made

    return made(project)


def pretty_sql(text: str) -> str:
    """Return one DuckDB statement over several lines, a column a line, for people to read."""
    from civicstat.spec import pretty

    return pretty.pretty_sql(text)
