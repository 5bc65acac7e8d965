"""Pages at 400 % zoom, in the reader's own colours, without motion and on paper: nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Words and controls that reach beyond the page, outside of the boxes that scroll by themselves.
_CUT = """() => [...document.querySelectorAll('.page *')].filter((element) => {
  if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
  if (element.closest('svg, .scroll, pre, .usa-sr-only, .usa-skipnav, .stacked thead')) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
}).map((element) => element.outerHTML.slice(0, 120))"""
# Words that stand on other words: the boxes of the lines of texts of different elements.
_OVERLAPS = """() => {
  const lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
    if (parent.closest('svg, option, .over, .scroll, .usa-sr-only, .usa-skipnav, .stacked thead')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    lines.push(...boxes.map((box) => ({box, parent, said: text.data.slice(0, 40)})));
  }
  const found = [];
  lines.forEach((one, at) => lines.slice(at + 1).forEach((other) => {
    const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    if (one.parent !== other.parent && across > 3 && down > 8) found.push(one.said + ' / ' + other.said);
  }));
  return found;
}"""
_MOVING = """() => [...document.querySelectorAll('*')].filter((element) => {
  const style = getComputedStyle(element);
  return style.scrollBehavior === 'smooth' || style.animationName !== 'none'
    || style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
}).map((element) => element.outerHTML.slice(0, 100))"""
_STATUSES = """() => [...document.querySelectorAll('#page .chip')].map((chip) => {
  const shape = chip.querySelector('svg');
  const style = getComputedStyle(chip);
  return {
    word: chip.textContent.trim(),
    drawn: Boolean(shape) && shape.getBoundingClientRect().width >= 12,
    bordered: style.borderTopStyle === 'solid' && parseFloat(style.borderTopWidth) >= 1,
    colour: style.color,
    shape: shape ? shape.outerHTML.replace(/shape--\\w+/g, '') : '',
  };
})"""
# Lines of charts and edges of controls, with what they are drawn on: equal colours cannot be told apart.
_SEEN = """() => {
  const page = getComputedStyle(document.querySelector('.page')).backgroundColor;
  const strokes = [...document.querySelectorAll('.chart-line, .chart-goal, .chart-dot, .chart-bar')]
    .map((mark) => getComputedStyle(mark)).map((style) => style.stroke === 'none' ? style.fill : style.stroke);
  const edges = [...document.querySelectorAll('.page select, .page input:not([type=hidden]), .page button')]
    .filter((control) => control.checkVisibility() && !control.closest('.take, .over'))
    .map((control) => getComputedStyle(control).borderTopColor);
  const goal = document.querySelector('.chart-goal');
  const grid = document.querySelector('.chart-grid');
  return {
    count: [strokes.length, edges.length],
    lost: strokes.concat(edges).filter((colour) => colour === page || /^rgba.*, 0\\)$/.test(colour)),
    apart: !goal || !grid || getComputedStyle(goal).stroke !== getComputedStyle(grid).stroke,
  };
}"""


def test_at_four_times_the_size_nothing_is_cut_off_or_covered(visit: Any, every_type: list[str]) -> None:
    seen = visit(viewport={"width": 320, "height": 256})
    seen.forgiven = "404"
    page = None
    for address in every_type:
        for prefix in ("", "/es"):
            page = seen.open(prefix + address, live=False, wait="domcontentloaded", page=page)
            page.evaluate("document.fonts.ready")
            if address != "/nowhere":
                page.wait_for_selector("html.live", state="attached")
            wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert wide[0] <= wide[1], prefix + address
            assert page.evaluate(_CUT) == [], prefix + address
            assert page.evaluate(_OVERLAPS) == [], prefix + address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_readers_own_colours_statuses_charts_and_controls_are_seen(
    visit: Any, every_type: list[str], scheme: str
) -> None:
    seen, page = visit(forced_colors="active", color_scheme=scheme), None
    for address in every_type[1:4] + every_type[6:7]:
        page = seen.open(address, page=page)
        statuses = page.evaluate(_STATUSES)
        assert statuses, address
        assert [item for item in statuses if not (item["word"] and item["drawn"] and item["bordered"])] == [], address
        found = page.evaluate(_SEEN)
        assert all(found["count"]) or "goals" in address or "/d/" in address, address
        assert (found["lost"], found["apart"]) == ([], True), address
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        outline = page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            const page = getComputedStyle(document.querySelector('.page')).backgroundColor;
            return [style.outlineStyle, parseFloat(style.outlineWidth) >= 2, style.outlineColor !== page];
        }""")
        assert outline == ["solid", True, True], address


def test_who_asks_for_less_motion_gets_none(visit: Any, every_type: list[str]) -> None:
    seen, page = visit(reduced_motion="reduce"), None
    for address in (every_type[0], every_type[2], every_type[6]):
        page = seen.settle(seen.open(address, page=page))
        assert page.evaluate(_MOVING) == [], address


def test_on_paper_each_status_is_a_word_and_a_shape_of_its_own(visit: Any, every_type: list[str]) -> None:
    seen, page = visit(viewport={"width": 680, "height": 980}), None  # what A4 has between its margins
    for address in every_type[:-1]:
        page = seen.open(address, page=page)
        page.emulate_media(media="print")
        statuses = page.evaluate(_STATUSES)
        assert [item for item in statuses if not (item["word"] and item["drawn"] and item["bordered"])] == [], address
        words: dict[str, set[str]] = {item["shape"]: set() for item in statuses}
        for item in statuses:
            words[item["shape"]].add(item["word"])
        assert [sorted(said) for said in words.values() if len(said) > 1] == [], address
        page.emulate_media(media="screen")
