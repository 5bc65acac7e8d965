"""A reader without a mouse: one journey through the pages, and where the focus stands at each of its steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_FOCUS = """(wanted) => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  return {
    lost: element === document.body || element === document.documentElement,
    reached: element.matches(wanted),
    drawn: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      && !/rgba\\(.*, 0\\)|transparent/.test(style.outlineColor),
    name: element.outerHTML.slice(0, 120),
  };
}"""
_STOPS = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return document.activeElement === document.body ? null
    : [document.activeElement.outerHTML.slice(0, 100), box.top + scrollY, box.bottom + scrollY];
}"""


def focus_of(page: Page, wanted: str = "*") -> Any:
    """Return where the focus is, after making sure that there is one and that it is drawn."""
    found = page.evaluate(_FOCUS, wanted)
    assert not found["lost"], page.url
    assert found["drawn"], found["name"]
    return found


def walk(page: Page, wanted: str, key: str = "Tab", most: int = 80) -> None:
    """Press ``key`` until what is ``wanted`` has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if focus_of(page, wanted)["reached"]:
            return
    pytest.fail(f"{wanted} was not reached on {page.url}")


def choose(page: Page, name: str, key: str = "ArrowDown") -> None:
    """Choose the entry of the list in focus that an arrow key leads to; the page follows and the focus stays."""
    url = page.url
    page.keyboard.press(key)
    page.wait_for_function(
        "url => location.href !== url && !document.documentElement.hasAttribute('data-busy')", arg=url
    )
    assert "Updated" in (page.locator("[role=status]").last.text_content() or "")
    assert (f"{name}=" in page.url) == (key == "ArrowDown")
    assert focus_of(page, f"select[name={name}]")["reached"]


def follow(page: Page, address: str) -> None:
    """Open the link in focus, which leads to another page."""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    page.wait_for_selector("html.live", state="attached")


def test_a_reader_without_a_mouse_goes_from_the_city_to_a_row_and_to_the_goals(visit: Any, site: Any) -> None:
    metrics = site.edition.catalogue.metrics.values()
    info = next(item for item in metrics if item.dimensions and item.rows and item.goal and item.departments)
    seen = visit()
    page = seen.open("/")

    page.keyboard.press("Tab")
    assert focus_of(page, "a[href='#main']")["reached"]
    expect(page.locator("a[href='#main']")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    department = f"/d/{info.departments[0]}"
    walk(page, f"main a[href='{department}']")
    follow(page, department)
    walk(page, f"article[data-metric='{info.name}'] a[href='/m/{info.name}']")
    follow(page, f"/m/{info.name}")

    seen.settle(page)
    walk(page, ".keys")
    for key in ("End", "ArrowLeft", "Home"):
        before = page.locator(".over [role=status]").first.text_content() or ""
        page.keyboard.press(key)
        expect(page.locator(".over [role=status]").first).not_to_have_text(before)
        focus_of(page, ".keys")
    walk(page, ".take summary")
    page.keyboard.press("Enter")
    expect(page.locator(".take a").first).to_be_visible()
    walk(page, ".take a[download]", most=1)
    with page.expect_download():
        page.keyboard.press("Enter")
    for name in ("period", "member", "compare"):
        walk(page, f"select[name={name}]")
        choose(page, name)
        if name == "member":
            choose(page, name, "ArrowUp")  # all members again: the rows of every number are not public
    seen.settle(page)
    assert focus_of(page, "select[name=compare]")["reached"]

    walk(page, ".tabs a[href*='tab=rows']", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".tabs a[href*='tab=rows'][aria-current]")).to_be_focused()
    focus_of(page)
    first = page.locator("table.rows tbody th").first.inner_text()
    walk(page, ".pages a[rel=next]")
    page.keyboard.press("Enter")
    expect(page.locator("table.rows tbody th").first).not_to_have_text(first)
    assert focus_of(page, ".pages a[rel=next]")["reached"]

    walk(page, ".site nav a[href='/goals']", "Shift+Tab")
    follow(page, "/goals")
    walk(page, "select[name=status]")
    choose(page, "status")
    chosen = page.locator("select[name=status]").input_value()
    assert chosen
    page.go_back()
    expect(page.locator("select[name=status]")).to_have_value("")
    expect(page.locator("select[name=status]")).to_be_focused()


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_on_a_narrow_page_the_focus_goes_down_and_leaves_at_the_end(
    visit: Any, every_type: list[str], prefix: str
) -> None:
    seen = visit(viewport={"width": 320, "height": 640})
    page = seen.context.new_page()
    for address in every_type[:3] if prefix else every_type[:-1]:
        page.goto(seen.site.url + prefix + address)
        page.wait_for_selector("html.live", state="attached")
        stops: list[Any] = []
        for _ in range(250):
            page.keyboard.press("Tab")
            stop = page.evaluate(_STOPS)
            if stop is None or (stops and stop[0] == stops[0][0]):
                break  # past the last one, where a browser goes to its own controls or begins again
            stops.append(stop)
        assert 5 < len(stops) < 250, address
        below = pairwise(stops[1:])  # the skip link stands apart from the rest
        assert [(one[0], other[0]) for one, other in below if other[2] <= one[1]] == [], prefix + address
