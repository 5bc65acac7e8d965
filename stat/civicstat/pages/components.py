"""The few components that Dash's own HTML set lacks; their scripts are ``assets/components.js``, not built."""

from __future__ import annotations

from dash.development.base_component import Component

__all__ = ["Address", "Hidden", "Markup", "SearchField"]

NAMESPACE = "civicstat_components"


class _Own(Component):
    _namespace = NAMESPACE
    _base_nodes: list[str] = []  # noqa: RUF012 - declared so by Dash
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(self, **props: str) -> None:
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
