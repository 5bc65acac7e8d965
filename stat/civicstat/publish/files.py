"""The addresses of downloads, beside those of the JSON interface."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response, request

from civicstat.editions import Edition
from civicstat.errors import CivicstatError, Fault
from civicstat.publish.answer import find_readings
from civicstat.publish.api import Editions, error_response, refusal
from civicstat.publish.download import MOST_ROWS, every_reading, readings_json, readings_sheet, rows_sheet
from civicstat.publish.question import question_of
from civicstat.publish.sheet import csv_lines, xlsx_bytes
from civicstat.results import Reading

__all__ = ["create_downloads"]

_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def create_downloads(editions: Editions) -> Blueprint:
    """Return the blueprint of ``/api/v1/metrics/<metric>.csv``, ``.xlsx``, ``.json`` and ``/rows.csv``."""
    files = Blueprint("downloads", __name__)

    @files.get("/api/v1/metrics/<metric>.<any(csv, json, xlsx):form>")
    def readings(metric: str, form: str) -> Response:
        edition = editions.current()
        asked = question_of(request.args)
        if asked is None:
            return error_response(400)
        lang = _language(edition)
        try:
            found = every_reading(edition, metric, asked.period, asked.by)
            if form == "json":
                whole = readings_json(edition, metric, found, asked.compare, lang)
            else:
                sheet = readings_sheet(edition, edition.catalogue.metrics[metric], found, asked.compare, lang)
        except CivicstatError as error:
            return refusal(error, edition, metric)
        parts = "-".join(filter(None, (metric, *asked.by, asked.period, asked.compare)))
        if form == "json":
            return _file(json.dumps(whole, ensure_ascii=False, indent=1), form, parts)
        return _file(xlsx_bytes(sheet) if form == "xlsx" else "".join(csv_lines(sheet)), form, parts)

    @files.get("/api/v1/metrics/<metric>/rows.csv")
    def rows(metric: str) -> Response:
        edition = editions.current()
        asked = question_of(request.args)
        if asked is None or len(asked.members) != len(asked.by):
            return error_response(400)
        try:
            reading = _one(edition, metric, asked.period, dict(zip(asked.by, asked.members, strict=True)))
            sheet = rows_sheet(edition, edition.catalogue.metrics[metric], reading, _language(edition))
            if (reading.n or 0) > MOST_ROWS:
                raise CivicstatError(Fault("too-many", metric, "more rows than one download holds"))
        except CivicstatError as error:
            return refusal(error, edition, metric)
        return _file("".join(csv_lines(sheet)), "csv", f"{metric}-{reading.period}-rows")

    return files


def _one(edition: Edition, metric: str, period: str, chosen: Mapping[str, str]) -> Reading:
    """Return the one reading whose rows are asked for."""
    found = [item for item in find_readings(edition, metric, period, list(chosen)) if dict(item.slice) == chosen]
    if len(found) != 1:
        raise CivicstatError(Fault("no-such-reading", metric, "no single reading of that period and slice"))
    return found[0]


def _language(edition: Edition) -> str:
    languages = edition.catalogue.city.languages
    asked = request.args.get("lang", "")
    return asked if asked in languages else languages[0]


def _file(body: str | bytes, form: str, name: str) -> Response:
    """Return a download; its name is made of names the city declared and of a period that was understood."""
    response = Response(body, mimetype=_TYPES[form])
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}.{form}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response
