"""The JSON interface, and the two addresses a monitor asks: is the process up, and has it numbers to show."""

from __future__ import annotations

from typing import Any, Protocol

from flask import Blueprint, Response, jsonify, request

from civicstat.editions import Edition, GoalInfo, MetricInfo
from civicstat.errors import CivicstatError, EditionError, Fault
from civicstat.publish.answer import find_readings
from civicstat.publish.behaviour import metric_behaviour
from civicstat.publish.compared import comparisons
from civicstat.publish.download import MOST_ROWS, told_readings
from civicstat.publish.question import question_of
from civicstat.words import phrase

__all__ = ["Editions", "create_api", "error_response", "refusal"]

_STATUS = {
    "no-such-metric": 404,
    "bad-period": 400,
    "no-such-dimension": 400,
    "no-such-comparison": 400,
    "no-such-reading": 404,
    "rows-not-open": 404,
    "rows-gone": 410,
    "too-small": 404,
    "too-many": 413,
}
_CODES = {404: "not-found", 405: "not-allowed", 429: "too-often", 503: "not-ready", 500: "failed"}


class Editions(Protocol):
    """Where the current edition comes from; ``problem`` is why an older one is served than the pointer names."""

    @property
    def problem(self) -> tuple[Fault, ...] | None: ...  # noqa: D102 - the class says it

    def current(self) -> Edition: ...  # noqa: D102 - the class says it


def create_api(editions: Editions) -> Blueprint:
    """Return the blueprint of ``/api/v1``, ``/healthz`` and ``/readyz`` over ``editions``."""
    api = Blueprint("api", __name__)

    @api.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="up")

    @api.get("/readyz")
    def readyz() -> Response:
        try:
            edition = editions.current()
        except EditionError:
            return error_response(503)
        problem = editions.problem
        # The engine's own words name folders of this computer, so they stay in the log.
        reason = {"reason": "; ".join(f"{fault.code}: {fault.path}" for fault in problem)} if problem else {}
        behind = problem is not None
        return jsonify(status="ready", edition=edition.id, as_of=edition.as_of.isoformat(), behind=behind, **reason)

    @api.get("/api/v1/metrics")
    def metrics() -> Response:
        catalogue = editions.current().catalogue
        return jsonify([_metric_json(info) for info in catalogue.metrics.values()])

    @api.get("/api/v1/metrics/<metric>")
    def readings(metric: str) -> Response:
        edition = editions.current()
        asked = question_of(request.args)
        if asked is None:
            return error_response(400)
        try:
            found = find_readings(edition, metric, asked.period, asked.by)
            told = told_readings(edition, metric, found, asked.compare, edition.catalogue.city.languages[0])
        except CivicstatError as error:
            return refusal(error, edition, metric)
        return jsonify(told)

    @api.get("/api/v1/metrics/<metric>/behaviour")
    def behaviour(metric: str) -> Response:
        edition = editions.current()
        info = edition.catalogue.metrics.get(metric)
        if info is None:
            return error_response(404, "no-such-metric")
        if info.spc is None:
            return error_response(404, "no-behaviour")
        lang = edition.catalogue.city.languages[0]
        return jsonify(metric_behaviour(edition, info, lang))

    return api


def _metric_json(info: MetricInfo) -> dict[str, Any]:
    return {
        "metric": info.name,
        "title": dict(info.title),
        "type": info.type,
        "unit": info.unit,
        "better": info.better,
        "period": info.period,
        "departments": list(info.departments),
        "dimensions": [item.by for item in info.dimensions],
        "goal": _level_json(info.goal.target) if info.goal else None,
        "goals": [_goal_json(goal) for goal in info.goals],
        "last": info.last,
        "readings": f"/api/v1/metrics/{info.name}",
        **({"behaviour": f"/api/v1/metrics/{info.name}/behaviour"} if info.spc else {}),
    }


def _goal_json(goal: GoalInfo) -> dict[str, Any]:
    """Return a goal as it was promised; each reading has the number it is held against."""
    promised = {"plan": dict(goal.plan)} if goal.plan else {"target": _level_json(goal.target)}
    slices = {by: {name: _level_json(level) for name, level in own.items()} for by, own in goal.slices.items()}
    return {
        **promised,
        "judge": goal.judge,
        "to_date": goal.to_date,
        "pace": list(goal.pace) if isinstance(goal.pace, tuple) else goal.pace,
        "slices": slices,
        "hold": goal.hold,
        "from": goal.begins,
        "until": goal.ends,
        "set_on": goal.set_on,
        "authority": dict(goal.authority) if goal.authority else None,
    }


def _level_json(level: float | tuple[float, float] | None) -> Any:
    return {"low": level[0], "high": level[1]} if isinstance(level, tuple) else level


def refusal(error: CivicstatError, edition: Edition, metric: str) -> Response:
    """Return why a question about ``metric`` is not answered, and what may be asked instead."""
    code = error.faults[0].code
    info = edition.catalogue.metrics.get(metric)
    declared = ", ".join(item.by for item in info.dimensions) if info else ""
    values: dict[str, str | int] = {"declared": declared, "compared": ", ".join(comparisons(info)), "most": MOST_ROWS}
    return error_response(_STATUS.get(code, 400), code if code in _STATUS else "", **values)


def error_response(status: int, code: str = "", **values: str | int) -> Response:
    """Return an error as JSON: a code that does not change and a message that repeats nothing of the request."""
    code = code or _CODES.get(status, "bad-request")
    message = phrase(f"api.{code.replace('-', '_')}", "en", **values)
    response = jsonify(error={"code": code, "message": message})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
