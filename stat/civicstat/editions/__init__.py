"""Editions: every number frozen with the rows it counted, built aside, published whole, followed by its readers."""

from civicstat.editions.account import Account, account_of
from civicstat.editions.build import build_edition
from civicstat.editions.catalogue import (
    BenchmarkInfo,
    BreakInfo,
    Catalogue,
    CityInfo,
    DatasetInfo,
    DepartmentInfo,
    DimensionInfo,
    EventInfo,
    ExampleInfo,
    GoalInfo,
    MetricInfo,
    RebaseInfo,
    SpcInfo,
)
from civicstat.editions.changes import Change, Changes, Published, Restatement
from civicstat.editions.compare import compare_editions
from civicstat.editions.differences import Differences, differences
from civicstat.editions.draft import Draft, open_draft
from civicstat.editions.edition import Edition, Numbers
from civicstat.editions.explained import Explanation, explain_metric
from civicstat.editions.folder import Folder
from civicstat.editions.prune import KEPT, Pruned, prune_editions
from civicstat.editions.records import RowsPage
from civicstat.editions.store import Store
from civicstat.editions.withhold import blanked
from civicstat.editions.worked import Outcome, run_examples

__all__ = [
    "KEPT",
    "Account",
    "BenchmarkInfo",
    "BreakInfo",
    "Catalogue",
    "Change",
    "Changes",
    "CityInfo",
    "DatasetInfo",
    "DepartmentInfo",
    "Differences",
    "DimensionInfo",
    "Draft",
    "Edition",
    "EventInfo",
    "ExampleInfo",
    "Explanation",
    "Folder",
    "GoalInfo",
    "MetricInfo",
    "Numbers",
    "Outcome",
    "Pruned",
    "Published",
    "RebaseInfo",
    "Restatement",
    "RowsPage",
    "SpcInfo",
    "Store",
    "account_of",
    "blanked",
    "build_edition",
    "compare_editions",
    "differences",
    "explain_metric",
    "open_draft",
    "prune_editions",
    "run_examples",
]
