"""Editions: every number frozen with the rows it counted, built aside, published whole, followed by its readers."""

from civicstat.editions.build import build_edition
from civicstat.editions.catalogue import (
    BenchmarkInfo,
    Catalogue,
    CityInfo,
    DatasetInfo,
    DepartmentInfo,
    DimensionInfo,
    GoalInfo,
    MetricInfo,
)
from civicstat.editions.changes import Change, Changes, Published, Restatement
from civicstat.editions.compare import compare_editions
from civicstat.editions.edition import Edition
from civicstat.editions.explained import Explanation, explain_metric
from civicstat.editions.folder import Folder
from civicstat.editions.prune import KEPT, Pruned, prune_editions
from civicstat.editions.records import RowsPage
from civicstat.editions.store import Store
from civicstat.editions.withhold import blanked
from civicstat.editions.worked import Outcome, run_examples

__all__ = [
    "KEPT",
    "BenchmarkInfo",
    "Catalogue",
    "Change",
    "Changes",
    "CityInfo",
    "DatasetInfo",
    "DepartmentInfo",
    "DimensionInfo",
    "Edition",
    "Explanation",
    "Folder",
    "GoalInfo",
    "MetricInfo",
    "Outcome",
    "Pruned",
    "Published",
    "Restatement",
    "RowsPage",
    "Store",
    "blanked",
    "build_edition",
    "compare_editions",
    "explain_metric",
    "prune_editions",
    "run_examples",
]
