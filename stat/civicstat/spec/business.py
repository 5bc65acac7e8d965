"""Business days of a city: all days but its weekend, its holidays and the days on which it was closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from civicstat.errors import Fault, Place, suggest
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.expr import Call, Expr, walk
from civicstat.spec.kinds import Duration, FixedLimit, LimitBy, Ratio, Within
from civicstat.spec.model import BusinessDays, Dataset, Metric, Project

__all__ = ["BUSINESS_YEARS", "WEEKDAYS", "business_days_are_declared", "read_business_days"]

BUSINESS_YEARS = range(1980, 2060)
"""The years whose business days are known; a day outside them has none."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_business_days(value: Value) -> BusinessDays:
    """Return ``business_days``; holidays are those of the country's rule, observed days included."""
    fields = value.fields(("country", "subdivision", "weekend", "closures"), (), "`business_days`")
    weekend, closures = fields.get("weekend"), fields.get("closures")
    named = [item.word(WEEKDAYS) for item in weekend.items()] if weekend else ["saturday", "sunday"]
    if weekend and len(set(named)) >= len(WEEKDAYS):
        weekend.fault("no-business-day", "at least one day of the week on which the city works")
    closed = {day for item in closures.items() if (day := item.day())} if closures else set()
    days = tuple(sorted(WEEKDAYS.index(name) for name in set(named)))
    return BusinessDays(days, tuple(sorted(closed | _holidays(fields))))


def _holidays(fields: Fields) -> set[date]:
    country, part = fields.get("country"), fields.get("subdivision")
    if country is None:
        if part:
            part.fault("missing-key", "a `country`, of which it is a part", found="`subdivision` without `country`")
        return set()
    import holidays  # a rule for each country of the world: only where a declaration is read

    known = holidays.list_supported_countries(include_aliases=False)
    if country.bare not in known:
        capitals = country.bare.upper()
        mend = f"write `{capitals}`" if capitals in known else suggest(country.bare, known)
        country.fault("unknown-country", "the two letters of a country, as `US`", mend)
        return set()
    if part and part.bare not in known[country.bare]:
        choices = list(known[country.bare])
        wanted = f"a part of `{country.bare}`: {choices_text(choices)}" if choices else "no part: its rule is one"
        part.fault("unknown-subdivision", wanted, suggest(part.bare, choices))
        return set()
    return set(holidays.country_holidays(country.bare, subdiv=part.bare if part else None, years=BUSINESS_YEARS))


def business_days_are_declared(project: Project, places: Mapping[str, Place]) -> Iterator[Fault]:
    """Yield a fault for each metric and dataset that counts the business days of a city that names none."""
    if project.city.business_days is not None:
        return
    users: list[tuple[str, Dataset | Metric]] = [
        *((f"datasets.{name}", item) for name, item in project.datasets.items() if _in_rows(item)),
        *((f"metrics.{name}", item) for name, item in project.metrics.items() if _in_metric(item)),
    ]
    for path, item in users:
        expected = "`business_days` of the city, as `business_days: {country: US}`"
        yield Fault("needs-business-days", path, "business days of a city that names none", expected, "", item.place)


def _in_rows(dataset: Dataset) -> bool:
    named = (*(item.expr for item in dataset.derive.values()), *(item.expr for item in dataset.checks))
    query = dataset.source.query
    return any(map(_named, (*named, *(query.exprs() if query else ()))))


def _in_metric(metric: Metric) -> bool:
    if any(goal.pace == "business_days" for goal in metric.goals):
        return True
    match metric.body:
        case Within(limit=FixedLimit(business=business)):
            used = business is not None
        case Within(limit=LimitBy(limits=limits)):
            used = any(limit.business is not None for limit in limits.values())
        case Duration(unit=unit):
            used = unit == "business_days"
        case Ratio(numerator=top, denominator=under):
            used = any(_named(part) for side in (top, under) for part in (side.measure, side.where))
        case body:
            used = _named(getattr(body, "measure", None))
    return used or _named(metric.where)


def _named(expr: Expr | None) -> bool:
    return expr is not None and any(isinstance(part, Call) and part.name == "business_days" for part in walk(expr))
