from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_REACHABLE = """() =>
  [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, textarea, [tabindex='0']")]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility({visibilityProperty: true})).length"""


# The colours are those of the theme whatever the language: every page is seen once in each of both.
@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/es", "dark")])
def test_axe_finds_nothing(visit: Any, violations: Any, every_type: list[str], prefix: str, scheme: str) -> None:
    seen = visit(color_scheme=scheme)
    seen.forgiven = "404"  # of the page that is not there
    for address in every_type:
        page = seen.open(prefix + address, live=address != "/nowhere")
        assert violations(page) == [], f"{prefix}{address}"
        page.close()


def test_axe_finds_nothing_on_a_phone_before_and_without_scripts(
    visit: Any, violations: Any, every_type: list[str]
) -> None:
    phone = visit(viewport={"width": 320, "height": 640})
    phone.context.route("**/live.js*", lambda route: route.abort())
    phone.forgiven = "404|ERR_FAILED"
    for address in every_type:
        page = phone.open(address, live=False)
        assert violations(page) == [], address
        page.close()


def test_the_keyboard_reaches_everything_in_reading_order(visit: Any, every_type: list[str]) -> None:
    seen = visit()
    for address in every_type[:-1]:
        page = seen.settle(seen.open(address))
        expected = page.evaluate(_REACHABLE)
        page.evaluate("addEventListener('focusin', ({target}) => (window.reached ??= new Set()).add(target))")
        for _ in range(expected):
            page.keyboard.press("Tab")
        assert page.evaluate("window.reached.size") == expected, address
        page.close()


def test_the_skip_link_leads_past_the_header(visit: Any) -> None:
    page = visit().open("/")
    page.keyboard.press("Tab")
    expect(page.locator("a[href='#main']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_focus_is_visible_wherever_it_is(visit: Any, every_type: list[str]) -> None:
    seen = visit()
    page = seen.settle(seen.open(every_type[2]))
    for _ in range(page.evaluate(_REACHABLE)):
        page.keyboard.press("Tab")
        outline = page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            return [document.activeElement.outerHTML.slice(0, 80), style.outlineStyle, parseFloat(style.outlineWidth)];
        }""")
        assert outline[1] != "none", outline[0]
        assert outline[2] >= 2, outline[0]
