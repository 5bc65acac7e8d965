"""Where the examples of the language's page belong, and what each needs beside it."""

from __future__ import annotations

from collections.abc import Mapping

PLACES = {
    "the city": ("metrics/city.yaml", "", 0),
    "the dataset": ("metrics/datasets/requests.yaml", "  requests:", 4),
    "the department": ("metrics/departments/public_works.yaml", "  public_works:", 4),
    "the metric": ("metrics/departments/public_works.yaml", "  requests_opened:", 4),
}
"""Where a part of the small city stands: its file, the line above it, and its indent."""

TYPES = {
    "simple": {"measure": "count(*)"},
    "ratio": {"numerator": "count(*)", "denominator": "count(*)"},
    "within": {"from": "opened_on", "to": "closed_on", "limit": "30 days"},
    "duration": {"from": "opened_on", "to": "closed_on", "measure": "median(elapsed)"},
    "stock": {"opened": "opened_on", "closed": "closed_on"},
    "snapshot": {"measure": "sum(cost)"},
    "distinct": {"entity": "kind"},
    "conversion": {"entity": "district", "base": "kind = 'Pothole'", "then": "kind = 'Graffiti'", "inside": "90 days"},
    "recurrence": {"entity": "kind", "more_than": "3", "over": "12 months"},
    "derived": {"formula": '"{requests_closed} / 12"'},
    "share": {"metric": "requests_closed", "of": "total"},
    "change": {"metric": "requests_closed", "against": "prior_year"},
    "cumulative": {"metric": "requests_closed", "over": "fiscal_year"},
    "equivalent": {"metric": "requests_closed", "factor": "{value: 2, source: manual}", "unit": "hours"},
}

SHOWN = {
    "measure: count(cost)": {"entity": "kind", "more_than": "3", "over": "12 months", "show": "share"},
    "cohort: {top: 5, on: 2026-01-01, before: 1 year}": {"entity": "kind", "show": "change"},
    "show: change": {"entity": "kind", "cohort": "{top: 5, on: 2026-01-01, before: 1 year}"},
}
"""The examples that stand with other keys than their type needs."""

MADE = ("derived", "share", "change", "cumulative", "equivalent")
OF_ROWS = {"dataset", "time", "where", "privacy"}
"""The types made of other metrics, and the keys that only metrics have which count rows."""

WRAPS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "the city": ("the city", "", {}),
    "`fiscal_year`": ("the city", "fiscal_year: {%s}", {"starts": "07-01"}),
    "`business_days`": ("the city", "business_days: {%s}", {}),
    "a theme": ("the city", "themes: {streets: {%s}}", {}),
    "`privacy`": ("the metric", "dimensions: [district]\nprivacy: {%s}", {"min_count": "5"}),
    "`status`": ("the city", "status: {%s}", {}),
    "a department": ("the department", "", {}),
    "a dataset": ("the dataset", "", {}),
    "a source": ("the dataset", "source: {%s}", {"file": "data/requests.csv"}),
    "a column of a `select`": (
        "a file of declarations",
        "datasets: {more: {row: One row, source: {select: select kind from requests}, columns: {kind: {%s}}}}",
        {},
    ),
    "a column": ("the dataset", "columns:\n  extra: {%s}", {"type": "date"}),
    "a computed column": ("the dataset", "derive: {extra: {%s}}", {"sql": "kind"}),
    "a check": ("the dataset", "checks: [{%s}]", {"level": "warn"}),
    "`updates`": ("the dataset", "updates: {%s}", {}),
    "`records`": ("the dataset", "records: {%s}", {}),
    "a metric": ("the metric", "", {}),
    "`format`": ("the metric", "format: {%s}", {}),
    "a dimension": ("the metric", "dimensions: [{%s}]", {"by": "district"}),
    "the numerator, the denominator": (
        "the metric",
        "type: ratio\nnumerator: {%s}\ndenominator: {where: cost > 0}",
        {},
    ),
    "a goal": ("the metric", "unit: percent\nbetter: higher\ndimensions: [district]\ngoal: {%s}", {"target": "80%"}),
    "a target that moves in steps": (
        "the metric",
        "unit: percent\nbetter: higher\ngoal: {target: {%s}}",
        {"from": "72%", "on": "2024-07-01", "to": "92%", "by": "2026-06-30"},
    ),
    "a benchmark": (
        "the metric",
        "benchmarks: [{%s}]",
        {"who": "Others", "value": "12", "year": "2024", "source": "A survey"},
    ),
    "`cohort`": (
        "the metric",
        "type: recurrence\nentity: kind\nshow: change\ncohort: {%s}",
        {"top": "10", "on": "2026-01-01", "before": "12 months"},
    ),
    "a factor": (
        "the metric",
        "type: equivalent\nmetric: requests_closed\nunit: hours\nfactor: {%s}",
        {"value": "2", "source": "manual"},
    ),
    "a break": ("the metric", "breaks: [{%s}]", {"on": "2026-02-01", "what": "Calls by app count too"}),
    "`spc`": ("the metric", "spc: {%s}", {}),
    "`rules`": ("the metric", "spc: {rules: {%s}}", {}),
    "a step": (
        "the metric",
        "spc: {rebase: [{%s}]}",
        {"on": "2026-02-01", "why": "A second crew", "by": "Performance office"},
    ),
    "an example": ("the metric", "tests: [{%s}]", {"rows": "[{opened_on: 2026-03-02}]", "expect": "{2026-03: 1}"}),
}
"""Under each heading: where its keys stand, what is around them, and the keys that they need beside them."""

BESIDE: Mapping[str, Mapping[str, str]] = {
    "subdivision": {"country": "US"},
    "split": {"type": "text"},
    "zone": {"type": "timestamp"},
    "bands": {"by": "cost"},
    "goals": {"better": "lower"},
    "pace": {"target": "80%", "judge": "fiscal_year"},
}
"""What a key needs beside it in place of what its map needs."""
