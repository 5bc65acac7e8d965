"""The comparison asked for in words beside its chart: the one number, the other, and how far apart they are."""

from __future__ import annotations

from civicstat.editions import BenchmarkInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.chosen import Chosen
from civicstat.pages.layouts.parts import amount_text, day_of, period_name
from civicstat.publish import broken_before, earlier_readings, reading_reason
from civicstat.results import Reading
from civicstat.words import capital, change_text, phrase, pick, value_text

__all__ = ["compared_text"]


def compared_text(edition: Edition, chosen: Chosen, ask: Ask) -> str:
    """Return the comparison of the reading shown; "" where none is asked for or there is no number."""
    info, reading = chosen.info, chosen.reading
    if not ask.compare or reading is None or reading.value is None:
        return ""
    here = {
        "period": capital(period_name(edition, info, reading.period, ask)),
        "value": amount_text(reading.value, info, ask),
    }
    if ask.compare == "goal":
        return phrase(
            "page.compared_goal", ask.lang, period=here["period"], said=reading_reason(reading, info, ask.lang)
        )
    if ask.compare == "benchmark":
        told = [phrase("page.compared_here", ask.lang, **here)]
        told += [_beside(item, reading.value, info, ask) for item in info.benchmarks]
        return " ".join(told)
    (other,) = earlier_readings(edition, info, [reading], ask.compare)
    broken = broken_before(edition, info, reading, ask.compare)
    if broken:
        why = {"day": day_of(broken.on, ask), "what": pick(broken.what, ask.lang)}
        return phrase("page.compared_broken", ask.lang, **here, **why)
    if other is None or other.value is None:
        return phrase("page.compared_none", ask.lang, **here)
    before = capital(period_name(edition, info, other.period, ask))
    change = _change(reading, other, info, ask)
    places = {"other": before, "before": amount_text(other.value, info, ask), "change": change}
    return phrase("page.compared_ends", ask.lang, **here, **places)


def _change(reading: Reading, other: Reading, info: MetricInfo, ask: Ask) -> str:
    if not (reading.complete and other.complete) or reading.value is None or other.value is None:
        return phrase("page.compared_open", ask.lang)
    span = "year" if ask.compare == "year" else "previous"
    return change_text(reading.value, other.value, info.unit, info.decimals, ask.lang, span, arrow=False)


def _beside(other: BenchmarkInfo, value: float, info: MetricInfo, ask: Ask) -> str:
    """Return what somebody else achieves and how far from it the city is."""
    unit = "points" if info.unit == "percent" else info.unit
    apart = abs(value - other.value)
    amount = value_text(apart, unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
    same = amount == value_text(0, unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
    key = "page.compared_same" if same else "page.compared_above" if value > other.value else "page.compared_below"
    who = phrase("page.benchmark_label", ask.lang, who=pick(other.who, ask.lang), year=str(other.year))
    return phrase(key, ask.lang, who=who, other=amount_text(other.value, info, ask), amount=amount)
