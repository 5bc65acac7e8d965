"""The few components that Dash's own HTML set lacks; their scripts are ``assets/components.js``, not built."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component

__all__ = ["Address", "Chart", "Hidden", "Markup", "SearchField"]

NAMESPACE = "civicstat_components"
# Dash imports the namespace of a component for each property of each one made, and where there is no such module it
# looks through all folders every time: a tenth of what a page takes.
sys.modules[NAMESPACE] = sys.modules[__name__]


class _Own(Component):
    _namespace = NAMESPACE
    _base_nodes: list[str] = []  # noqa: RUF012 - declared so by Dash
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(self, **props: Any) -> None:
        super().__init__(**props)  # type: ignore[no-untyped-call]


class Markup(_Own):
    """SVG drawn by ``charts``, put into the page as it is: never give it text that came from data unescaped."""

    _type = "Markup"
    _prop_names = ["id", "markup", "className"]  # noqa: RUF012
    markup: str

    def __init__(self, markup: str, className: str = "", id: str = "") -> None:  # noqa: A002 - Dash's word
        super().__init__(
            **{"markup": markup, **({"className": className} if className else {}), **({"id": id} if id else {})}
        )


class Chart(_Own):
    """A chart: its SVG in several sizes, and what ``assets/charts.js`` needs to answer a pointer or draw with Plotly.

    ``figures`` are by the name of a size; a spot is its place and the lines said of it, found ``along`` x or y.
    """

    _type = "Chart"
    _prop_names = ["markup", "figures", "spots", "labels", "along", "label", "words"]  # noqa: RUF012
    markup: str

    def __init__(
        self,
        markup: str,
        *,
        figures: Mapping[str, Any],
        spots: Sequence[Sequence[Any]],
        labels: Sequence[str],
        along: str,
        label: str,
        words: Mapping[str, str],
    ) -> None:
        shown = {"figures": figures, "spots": spots, "labels": labels, "along": along}
        super().__init__(markup=markup, label=label, words=words, **shown)


class Hidden(_Own):
    """A hidden input: what a form keeps while it changes something else."""

    _type = "Hidden"
    _prop_names = ["id", "name", "value"]  # noqa: RUF012

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name=name, value=value)


class SearchField(_Own):
    """A box for words to look for. Its ``value`` is what the address says; what is typed is the browser's own."""

    _type = "SearchField"
    _prop_names = ["id", "name", "maxLength", "value"]  # noqa: RUF012

    def __init__(self, id: str, name: str, value: str, maxLength: str) -> None:  # noqa: A002 - Dash's word
        super().__init__(id=id, name=name, maxLength=maxLength, value=value)


class Address(_Own):
    """The address bar as Dash sees it, and the polite live region that says what changed."""

    _type = "Address"
    _prop_names = ["id", "pathname", "search", "announcement"]  # noqa: RUF012

    def __init__(self, id: str, pathname: str, search: str, announcement: str = "") -> None:  # noqa: A002 - Dash's word
        super().__init__(id=id, pathname=pathname, search=search, announcement=announcement)
