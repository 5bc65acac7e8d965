"""Rules between declarations: each returns the faults it finds in a project that could be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from civicstat.errors import Fault, Place, suggest
from civicstat.spec.behind import beneath
from civicstat.spec.business import business_days_are_declared
from civicstat.spec.cursor import choices_text
from civicstat.spec.goal_checks import (
    members_with_goals_can_occur,
    paces_are_of_what_adds_up,
    targets_of_metrics_fit,
)
from civicstat.spec.made_checks import (
    changing_factors_are_of_what_adds_up,
    public_numbers_are_made_of_public_ones,
    shares_are_of_what_adds_up,
    totals_are_of_what_adds_up,
)
from civicstat.spec.model import (
    Dataset,
    Metric,
    Privacy,
    Project,
)

__all__ = ["RULES", "RULES_OF_A_WHOLE"]

Places = Mapping[str, Place]


def metrics_have_a_department(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a warning for each metric that no department lists: no page would show it."""
    listed = {name for department in project.departments.values() for name in department.metrics}
    for name, metric in project.metrics.items():
        if name not in listed and project.departments:
            mend = f"add `{name}` to the `metrics` of a department"
            yield Fault(
                "no-department",
                f"metrics.{name}",
                "a metric that no department lists",
                "",
                mend,
                metric.place,
                "warning",
            )


def sensitive_columns_stay_inside(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each sensitive column that residents would see, as rows or as members of a slice."""
    for name, dataset in project.datasets.items():
        hidden = dataset.sensitive()
        for column in dataset.records.public:
            if column in hidden:
                path = f"datasets.{name}.records.public"
                found, place = f"`{column}`, a sensitive column", places.get(path, dataset.place)
                yield Fault(
                    "sensitive-column", path, found, "columns that residents may see", _derived(dataset, column), place
                )
    for name, metric in project.metrics.items():
        dataset_of = project.datasets.get(metric.dataset)
        if dataset_of is None or metric.visibility != "public":
            continue
        for column in _columns(metric):
            if column in dataset_of.sensitive():
                path = f"metrics.{name}.dimensions"
                found = f"`{column}`, a sensitive column, as a dimension of a public metric"
                mend = "take it out, or add `visibility: staff`"
                yield Fault("sensitive-column", path, found, "", mend, places.get(path, metric.place))


def rows_do_not_reveal(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each dataset whose public rows would give away counts that a public metric withholds."""
    for name, dataset in project.datasets.items():
        if not dataset.records.public:
            continue
        withheld = [
            metric.name
            for metric in project.metrics.values()
            if metric.dataset in project.datasets
            # Rows of which others were made, and rows made of others, tell the counts of those too.
            and (name in beneath(metric.dataset, project.datasets) or metric.dataset in beneath(name, project.datasets))
            and _withholds(project, metric)
        ]
        if withheld:
            path = f"datasets.{name}.records.public"
            found = f"public rows, while {choices_text(withheld)} withholds small counts of the same rows"
            mend = "take out `public`, or the `privacy` of these metrics"
            expected = "no public rows where small counts are withheld"
            yield Fault("rows-would-reveal", path, found, expected, mend, places.get(path, dataset.place))


def privacy_names_dimensions(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each dimension that privacy names and no metric has: its counts would be shown."""
    by_metric = {name: _columns(metric) for name, metric in project.metrics.items()}
    every = sorted({by for names in by_metric.values() for by in names})
    wanted: list[tuple[str, Privacy | None, list[str], Place | None]]
    wanted = [("city.privacy", project.city.privacy, every, None)]
    wanted += [(f"metrics.{n}.privacy", m.privacy, by_metric[n], m.place) for n, m in project.metrics.items()]
    for path, privacy, known, place in wanted:
        for by in privacy.dimensions if privacy else ():
            if by not in known:
                where = places.get(path, place)
                expected = f"a dimension: {choices_text(known)}" if known else "a dimension; none is declared"
                yield Fault("unknown-dimension", f"{path}.dimensions", f"`{by}`", expected, suggest(by, known), where)


def _withholds(project: Project, metric: Metric) -> bool:
    """Say whether privacy is in force for a metric that is public."""
    privacy = metric.privacy or project.city.privacy
    if privacy is None or metric.visibility != "public":
        return False
    return not privacy.dimensions or bool(set(_columns(metric)) & set(privacy.dimensions))


def _columns(metric: Metric) -> list[str]:
    return list(dict.fromkeys(column for item in metric.dimensions for column in item.columns))


def _derived(dataset: Dataset, column: str) -> str:
    return "it is computed from a sensitive column" if column in dataset.derive else ""


RULES = (
    metrics_have_a_department,
    sensitive_columns_stay_inside,
    rows_do_not_reveal,
    business_days_are_declared,
)
RULES_OF_A_WHOLE = (
    privacy_names_dimensions,
    changing_factors_are_of_what_adds_up,
    public_numbers_are_made_of_public_ones,
    shares_are_of_what_adds_up,
    totals_are_of_what_adds_up,
    paces_are_of_what_adds_up,
    targets_of_metrics_fit,
    members_with_goals_can_occur,
)
