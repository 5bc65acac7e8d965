"""One layout, two outputs: the HTML a browser shows before any script runs, and the JSON Dash draws the same from."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from dash.development.base_component import Component

from civicstat.pages.components import NAMESPACE, Address, Chart, Hidden, Markup, SearchField

__all__ = ["data_block", "to_html", "to_json"]

_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_TAGS = {"MapEl": "map", "ObjectEl": "object"}
_ATTRIBUTES = {"className": "class", "htmlFor": "for", "acceptCharset": "accept-charset", "httpEquiv": "http-equiv"}
_SAID = frozenset({"contentEditable", "draggable", "spellCheck"})  # "true" and "false" are words there, not presence
_LINKS = frozenset({"href", "src", "action", "formAction", "cite", "data"})
_UNWRITTEN = frozenset({"children", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks", "markup"})
_PLACES: dict[type[Component], dict[str, int]] = {}  # of the properties of each kind of component, in their order
_SAFE_LINK = re.compile(r"https?://|mailto:|tel:|[/#?]")
_UNITLESS = frozenset(
    (
        "flex",
        "flexGrow",
        "flexShrink",
        "fontWeight",
        "gridColumn",
        "gridRow",
        "lineHeight",
        "opacity",
        "order",
        "zIndex",
    )
)


def to_html(node: Any) -> str:
    """Return ``node`` (a component, text, number, list of these or None) as HTML, every text and attribute escaped.

    >>> from dash import html
    >>> to_html(html.P(["1 < 2 ", html.Br(), html.Data("87.4 %", value="87.4")], className="a", hidden=False))
    '<p class="a">1 &lt; 2 <br><data value="87.4">87.4 %</data></p>'
    """
    written: list[str] = []
    _write(node, written.append)
    return "".join(written)


def _write(node: Any, put: Callable[[str], None]) -> None:
    if node is None or isinstance(node, bool):
        return
    if isinstance(node, str):
        put(escape(node, quote=False))
    elif isinstance(node, int | float):
        put(_number(node))
    elif isinstance(node, list | tuple):
        for child in node:
            _write(child, put)
    elif isinstance(node, Markup):
        put(f"<div{_attributes(node)}>{node.markup}</div>")
    elif isinstance(node, Chart):
        put(f'<div class="drawing"><div class="ink">{node.markup}</div><div class="over"></div></div>')
    elif isinstance(node, Hidden):
        put(f'<input type="hidden"{_attributes(node)}>')
    elif isinstance(node, SearchField):
        put(f'<input type="search" autocomplete="off"{_attributes(node)}>')
    elif isinstance(node, Address):
        known = _props(node)
        put(f'<div id="{escape(known["id"])}" role="status" class="usa-sr-only">{escape(known["announcement"])}</div>')
    elif isinstance(node, Component) and node._namespace == "dash_html_components":
        tag = _TAGS.get(node._type, node._type.lower())
        put(f"<{tag}{_attributes(node)}>")
        if tag not in _VOID:
            _write(getattr(node, "children", None), put)
            put(f"</{tag}>")
    else:
        raise TypeError(f"a page is made of HTML components and {NAMESPACE}, not of {type(node).__name__}")


def _attributes(node: Component) -> str:
    return "".join(_attribute(name, value) for name, value in _props(node).items() if name not in _UNWRITTEN)


def _props(node: Component) -> dict[str, Any]:
    """Return the properties set, always in the same order: every worker then makes the very same bytes."""
    props: dict[str, Any] = vars(node)
    places = _PLACES.get(type(node))
    if places is None:
        places = _PLACES[type(node)] = {name: place for place, name in enumerate(node._prop_names)}
    known = sorted((name for name in props if name in places), key=places.__getitem__)
    free = sorted(name for name in props if name.startswith(("aria-", "data-")))
    return {name: props[name] for name in (*known, *free)}


def _attribute(name: str, value: Any) -> str:
    shown = _ATTRIBUTES.get(name, name if "-" in name else name.lower())
    if value is None:
        return ""
    if isinstance(value, bool):
        if "-" in name or name in _SAID:
            return f' {shown}="{str(value).lower()}"'
        return f' {shown}=""' if value else ""
    if name == "style":
        return f' style="{escape(_style(value))}"'
    if name in _LINKS and not _SAFE_LINK.match(str(value)):
        return ""
    return f' {shown}="{escape(_number(value) if isinstance(value, int | float) else str(value))}"'


def _style(style: Mapping[str, Any]) -> str:
    return ";".join(f"{_css_name(name)}:{_css_value(name, value)}" for name, value in style.items())


def _css_name(name: str) -> str:
    return name if name.startswith("--") else re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def _css_value(name: str, value: Any) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return _number(value) + ("" if value == 0 or name.startswith("--") or name in _UNITLESS else "px")


def _number(value: float) -> str:
    """Return ``value`` as JavaScript would print it, so that the page reads the same before and after Dash."""
    if not math.isfinite(value):
        raise ValueError("a page shows no infinite or undefined number")
    return str(int(value)) if float(value).is_integer() else repr(value)


def to_json(node: Any) -> str:
    """Return ``node`` as the JSON Dash draws from."""
    return json.dumps(node, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(node: Any) -> Any:
    if isinstance(node, Component):
        return {"props": _props(node), "type": node._type, "namespace": node._namespace}
    raise TypeError(f"no JSON for {type(node).__name__}")


def data_block(name: str, text: str) -> str:
    """Return JSON ``text`` as an inert block of the document: data, which needs no hash in the content policy."""
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="{name}">{safe}</script>'
