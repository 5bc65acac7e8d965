"""Faults as SARIF 2.1.0, which code hosts show beside the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import civicstat
from civicstat.errors import Fault

__all__ = ["page_of", "sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(faults: Sequence[Fault]) -> dict[str, Any]:
    """Return one run with a rule for each code that occurs; columns are counted in characters."""
    rules = sorted({fault.code for fault in faults})
    driver = {"name": "civicstat", "version": civicstat.__version__, "rules": [_rule(code) for code in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, rules.index(fault.code)) for fault in faults],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def page_of(code: str) -> str:
    """Return where the documentation tells of a code, from the folder of the product; "" where it does not."""
    from civicstat.spec import codes

    return codes()[code].page if code in codes() else ""


def _rule(code: str) -> dict[str, Any]:
    from civicstat.spec import codes

    known = codes().get(code)
    if known is None:
        return {"id": code}
    first, _, _ = known.says.partition(". ")
    text = f"{known.says}\n\nSee {known.page}."
    return {
        "id": code,
        "shortDescription": {"text": first if first.endswith(".") else f"{first}."},
        "fullDescription": {"text": known.says},
        "help": {"text": text, "markdown": f"{known.told()}\nSee `{known.page}`."},
    }


def _result(fault: Fault, rule: int) -> dict[str, Any]:
    texts = (("found", fault.found), ("expected", fault.expected), ("help", fault.help))
    told = "; ".join(f"{name}: {text}" for name, text in texts if text)
    result: dict[str, Any] = {
        "ruleId": fault.code,
        "ruleIndex": rule,
        "level": fault.level,
        "message": {"text": f"{fault.path}: {told}"},
    }
    if fault.place:
        place = fault.place
        region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.column + max(place.width, 1)}
        artifact = {"uri": quote(place.file)}
        result["locations"] = [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
    return result
