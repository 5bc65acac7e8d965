from __future__ import annotations

import json
from typing import Any

import pytest
from dash import dcc, html

from civicstat.pages.components import Address, Hidden, Markup
from civicstat.pages.render import data_block, to_html, to_json


def _node(name: str, **props: Any) -> Any:
    return getattr(html, name)(**props)


EVIL = "\"><script>alert('1')</script>&"


def test_every_text_and_attribute_is_escaped() -> None:
    node = html.P([EVIL, _node("Span", **{"title": EVIL, "data-name": EVIL})])
    quoted = "&quot;&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;"

    assert to_html(node) == (
        f'<p>"&gt;&lt;script&gt;alert(\'1\')&lt;/script&gt;&amp;<span title="{quoted}" data-name="{quoted}"></span></p>'
    )


def test_a_boolean_attribute_is_there_or_not_and_an_aria_one_says_true_or_false() -> None:
    node = _node("Details", open=True, hidden=False, **{"aria-hidden": False, "data-live": True})

    assert to_html(node) == '<details open="" aria-hidden="false" data-live="true"></details>'


def test_react_names_become_html_names() -> None:
    row = html.Tr(html.Th("a", scope="col", colSpan=2, rowSpan=3))
    label = html.Label(["b", html.Time("May", dateTime="2026-05")], htmlFor="c", tabIndex=0)

    assert to_html([row, label]) == (
        '<tr><th colspan="2" rowspan="3" scope="col">a</th></tr>'
        '<label for="c" tabindex="0">b<time datetime="2026-05">May</time></label>'
    )


def test_a_style_is_written_as_react_writes_it() -> None:
    node = html.Div(style={"marginTop": 4, "lineHeight": 1.5, "--share": 0.25, "width": "50%", "padding": 0})

    assert to_html(node) == '<div style="margin-top:4px;line-height:1.5;--share:0.25;width:50%;padding:0"></div>'


def test_numbers_are_printed_as_javascript_prints_them() -> None:
    assert to_html(html.P([1, 2.0, 87.4, None])) == "<p>1287.4</p>"
    with pytest.raises(ValueError, match="no infinite or undefined number"):
        to_html(float("nan"))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "\tjavascript:alert(1)", "JavaScript:x", "data:text/html,x"]
)
def test_a_link_that_would_run_something_leads_nowhere(address: str) -> None:
    assert to_html(html.A("x", href=address)) == "<a>x</a>"


@pytest.mark.parametrize("address", ["/m/x?by=a&tab=rows", "#main", "?tab=rows", "https://a.gov/", "mailto:a@b.gov"])
def test_a_link_that_leads_somewhere_stays(address: str) -> None:
    assert to_html(html.A("x", href=address)) == f'<a href="{address.replace("&", "&amp;")}">x</a>'


def test_a_chart_goes_in_as_drawn_and_a_hidden_field_as_an_input() -> None:
    assert to_html([Markup("<svg></svg>", className="chart"), Hidden("by", '"')]) == (
        '<div class="chart"><svg></svg></div><input type="hidden" name="by" value="&quot;">'
    )


def test_the_address_shows_as_a_live_region() -> None:
    assert to_html(Address("address", "/", "", "Updated")) == (
        '<div id="address" role="status" class="usa-sr-only">Updated</div>'
    )


def test_what_the_server_cannot_draw_is_refused() -> None:
    with pytest.raises(TypeError, match="not of Graph"):
        to_html(html.Div(dcc.Graph()))


def test_data_in_the_document_cannot_end_its_block() -> None:
    text = to_json(html.P("</script><!--\u2028"))
    block = data_block("page-layout", text)

    assert block.count("<") == 2
    assert json.loads(block.partition(">")[2].rpartition("</script>")[0]) == json.loads(text)
