from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_REACHABLE = """() =>
  [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, textarea, [tabindex='0']")]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility({visibilityProperty: true})).length"""

# The colours asked for are there: none is on its way to another.
_STILL = "Promise.all(document.getAnimations().map((moving) => moving.finished))"


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_axe_finds_nothing_in_light_and_dark(visit: Any, violations: Any, every_type: list[str], prefix: str) -> None:
    seen, page = visit(), None
    seen.forgiven = "404"  # of the page that is not there
    for address in every_type:
        page = seen.open(prefix + address, live=address != "/nowhere", page=page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(_STILL)
            assert violations(page) == [], f"{prefix}{address} {scheme}"


def test_axe_finds_nothing_on_a_phone_before_and_without_scripts(
    visit: Any, violations: Any, every_type: list[str]
) -> None:
    phone = visit(viewport={"width": 320, "height": 640})
    phone.context.route("**/live.js*", lambda route: route.abort())
    phone.forgiven = "404|ERR_FAILED"
    page = None
    for address in every_type:
        page = phone.open(address, live=False, page=page)
        assert violations(page) == [], address


def test_the_keyboard_reaches_everything_in_reading_order(visit: Any, every_type: list[str]) -> None:
    seen, page = visit(), None
    for address in every_type[:-1]:
        page = seen.settle(seen.open(address, page=page))
        expected = page.evaluate(_REACHABLE)
        page.evaluate("addEventListener('focusin', ({target}) => (window.reached ??= new Set()).add(target))")
        for _ in range(expected):
            page.keyboard.press("Tab")
        assert page.evaluate("window.reached.size") == expected, address


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
