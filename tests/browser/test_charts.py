"""Charts that answer: the drawing first, Plotly over it when it is seen, and values by pointer, finger and keys."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_PLOTLY = "**/plotly.min.js*"
_LARGEST_PAGE = 600_000
_BROKEN = "window.Plotly = {Icons: {}, purge: () => {}, react: () => Promise.reject(new Error('broken'))};"
_SAVING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}, configurable: true})"
# The share of points of two pictures whose colours are far apart: a mark moved by its own width shows at once.
_DIFFERENCE = """async (pictures) => {
  const [one, other] = await Promise.all(pictures.map(async (text) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + text;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width / 4, image.height / 4);
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height).data;
  }));
  let apart = one.length === other.length ? 0 : Infinity;
  for (let at = 0; at < one.length; at += 4) {
    apart += Math.max(...[0, 1, 2].map((part) => Math.abs(one[at + part] - other[at + part]))) > 60;
  }
  return apart * 4 / one.length;
}"""


def metric(site: Any) -> str:
    """Return a metric with dimensions and a goal, and many months."""
    edition = site.edition
    found = (info for info in edition.catalogue.metrics.values() if info.dimensions and info.goal and info.last)
    return next(str(info.name) for info in found if len(edition.readings(info.name, grain=info.period)) > 20)


def plotted(page: Page) -> Locator:
    """Return the chart in view once Plotly has drawn it."""
    page.locator("#page .drawing").first.scroll_into_view_if_needed()
    figure = page.locator("figure[data-drawn=plotly]").first
    figure.wait_for()
    return figure


@pytest.mark.parametrize("tab", ["time", "split"])
@pytest.mark.parametrize(
    ("size", "look"),
    [((1440, 900), "light"), ((1280, 720), "dark"), ((375, 812), "light"), ((1440, 900), "forced")],
    ids=["desk", "room", "phone", "forced"],
)
def test_plotly_draws_what_the_server_drew_at_the_same_place(
    visit: Any, site: Any, size: tuple[int, int], look: str, tab: str
) -> None:
    options = {"forced_colors": "active"} if look == "forced" else {"color_scheme": look}
    seen = visit(viewport={"width": size[0], "height": size[1]}, **options)
    held: list[Any] = []
    seen.context.route(_PLOTLY, lambda route: held.append(route))
    page = seen.open(f"/m/{metric(site)}?tab={tab}&compare=year", wait="domcontentloaded")
    drawing = page.locator("#page .drawing").first
    drawing.scroll_into_view_if_needed()
    page.evaluate("document.fonts.ready")
    before = drawing.screenshot()
    page.evaluate("window.shift = 0")

    while held:
        held.pop().continue_()
    plotted(page)

    pictures = [base64.b64encode(picture).decode() for picture in (before, drawing.screenshot())]
    assert page.evaluate("window.shift") <= 0.01
    assert page.evaluate(_DIFFERENCE, pictures) < 0.01


def test_a_page_with_its_chart_in_plotly_is_small_and_asks_nobody_else(visit: Any, site: Any) -> None:
    seen = visit()
    sizes: list[int] = []
    seen.context.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))

    plotted(seen.open(f"/m/{metric(site)}"))

    assert 330_000 < sum(sizes) < _LARGEST_PAGE + 330_000 * (len([url for url in seen.requests if "plotly" in url]) - 1)


def test_a_page_whose_charts_are_not_seen_loads_no_plotly(visit: Any, site: Any) -> None:
    seen = visit(viewport={"width": 375, "height": 500})
    page = seen.open(f"/m/{metric(site)}")
    page.wait_for_timeout(1500)
    assert not [url for url in seen.requests if "plotly" in url]

    plotted(page)
    assert [url for url in seen.requests if "plotly" in url]


def test_those_who_save_data_keep_the_drawing_and_are_answered_all_the_same(visit: Any, site: Any) -> None:
    seen = visit()
    seen.context.add_init_script(_SAVING)
    page = seen.open(f"/m/{metric(site)}")
    page.wait_for_timeout(1500)

    page.locator(".keys").first.focus()
    page.keyboard.press("End")

    expect(page.locator(".tip").first).to_be_visible()
    expect(page.locator("figure[data-metric]").first).to_have_attribute("data-drawn", "svg")
    assert not [url for url in seen.requests if "plotly" in url]


def test_the_arrow_keys_read_the_values_one_by_one(visit: Any, site: Any) -> None:
    seen = visit()
    seen.context.add_init_script(_SAVING)
    page = seen.open(f"/m/{metric(site)}")
    rows = page.locator("figure table tbody tr")
    names = [cell.text_content() or "" for cell in rows.locator("th").all()][::-1]  # the newest is first there
    values = [cell.text_content() or "" for cell in rows.locator("td:nth-child(2)").all()][::-1]
    keys, said, tip = (page.locator(f".over {part}").first for part in (".keys", "[role=status]", ".tip"))
    expect(keys).to_have_attribute("role", "application")
    expect(keys).to_have_attribute("aria-label", page.locator(".tab h2").first.text_content() or "")
    keys.focus()

    for key, at in (
        ("ArrowRight", 0),
        ("ArrowRight", 1),
        ("End", -1),
        ("ArrowRight", -1),
        ("ArrowLeft", -2),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        expect(said).to_contain_text(names[at])
        expect(said).to_contain_text(values[at])
        assert (tip.text_content() or "").startswith(names[at])
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text(names[0])

    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(said).to_be_empty()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.keys')")


def test_a_period_without_a_value_is_read_as_one(visit: Any, site: Any) -> None:
    edition = site.edition
    name, split, member, at = next(
        (str(info.name), split.by, member, at)
        for info in edition.catalogue.metrics.values()
        for split in info.dimensions
        if split.kind == "plain"
        for every in [edition.readings(info.name, grain=info.period, dimension=split.by)]
        for member in split.members
        for found in [[item for item in every if item.slice[split.by] == member][-60:]]
        for at, item in enumerate(found)
        if item.value is None and any(other.value is not None for other in found)
    )
    seen = visit()
    seen.context.add_init_script(_SAVING)
    page = seen.open(f"/m/{name}?by={split}&member={member}")

    page.locator(".keys").first.focus()
    for _ in range(at + 1):
        page.keyboard.press("ArrowRight")

    expect(page.locator(".tip").first).to_contain_text("no value")
    expect(page.locator(".ring").first).to_be_hidden()


@pytest.mark.parametrize("tab", ["time", "split"])
def test_the_pointer_shows_the_nearest_value_which_can_be_pointed_at_and_dismissed(
    visit: Any, site: Any, tab: str
) -> None:
    page = visit().open(f"/m/{metric(site)}?tab={tab}")
    plotted(page)
    drawing, tip = page.locator("#page .drawing").first, page.locator(".tip").first
    box = drawing.bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.5)
    expect(tip).to_be_visible()
    words = tip.text_content()
    tip.hover()
    expect(tip).to_have_text(words or "")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.5)
    expect(tip).to_be_visible()
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    assert page.locator(".over [role=status]").first.text_content() == ""  # what is pointed at by mouse is not read out


def test_a_tap_shows_and_reads_the_value_and_another_elsewhere_hides_it(visit: Any, site: Any) -> None:
    seen = visit(viewport={"width": 375, "height": 812}, has_touch=True, is_mobile=True)
    page = seen.open(f"/m/{metric(site)}")
    plotted(page)
    drawing, tip = page.locator("#page .drawing").first, page.locator(".tip").first
    box = drawing.bounding_box()
    assert box is not None

    page.touchscreen.tap(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6)
    expect(tip).to_be_visible()
    expect(page.locator(".over [role=status]").first).to_contain_text(re.compile(r"\d"))
    assert page.evaluate("document.documentElement.scrollWidth") == 375

    page.touchscreen.tap(20, 20)
    expect(tip).to_be_hidden()


def test_many_periods_are_looked_at_closely_by_keyboard(visit: Any, site: Any) -> None:
    page = visit().open(f"/m/{metric(site)}")
    plotted(page)
    buttons = page.locator(".plot .modebar-btn")
    assert [button.get_attribute("aria-label") for button in buttons.all()] == [
        "Look closer",
        "Look from farther away",
        "Show all periods",
    ]
    labels = page.locator(".plot .annotation-text").all_text_contents()

    buttons.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plot .annotation-text")).not_to_have_text(labels)
    assert page.evaluate("document.activeElement.matches('.modebar-btn')")

    page.locator(".keys").first.focus()
    page.keyboard.press("End")  # a period outside of those in view is brought in
    hair = page.locator(".hair").first.bounding_box()
    drawing = page.locator("#page .drawing").first.bounding_box()
    assert hair is not None
    assert drawing is not None
    assert drawing["x"] <= hair["x"] <= drawing["x"] + drawing["width"]

    buttons.last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plot .annotation-text")).to_have_text(labels)


def test_a_chart_is_drawn_again_after_a_choice_and_the_one_before_is_gone(visit: Any, site: Any) -> None:
    page = visit().open(f"/m/{metric(site)}")
    plotted(page)
    periods = [option.get_attribute("value") for option in page.locator("select[name=period] option").all()[1:6]]

    for period in periods:
        page.select_option("select[name=period]", period)
        page.wait_for_url(f"**period={period}**")
        expect(page.locator("html[data-busy]")).to_have_count(0)
        plotted(page)

    assert page.locator(".js-plotly-plot").count() == 1
    assert page.locator(".keys").count() == page.locator(".drawing").count() == 1
    expect(page.locator("figure")).to_have_attribute("data-drawn", "plotly")


def test_a_chart_that_cannot_be_drawn_anew_stays_as_it_was(visit: Any, site: Any) -> None:
    seen = visit()
    seen.forgiven = "stays as it was drawn|ERR_FAILED"
    seen.context.route(_PLOTLY, lambda route: route.abort())
    unreached = seen.open(f"/m/{metric(site)}")
    seen.context.unroute(_PLOTLY)
    seen.context.route(_PLOTLY, lambda route: route.fulfill(body=_BROKEN, content_type="text/javascript"))
    broken = seen.open(f"/m/{metric(site)}")

    for page in (unreached, broken):
        page.locator("#page .drawing").first.scroll_into_view_if_needed()
    for _ in range(600):  # a minute, for a busy machine
        if len([said for said in seen.complaints if "stays as it was drawn" in said]) == 2:
            break
        broken.wait_for_timeout(100)
    for page in (unreached, broken):
        expect(page.locator("figure")).to_have_attribute("data-drawn", "svg")
        expect(page.locator(".plotted")).to_have_count(0)
        expect(page.locator(".ink > svg:visible").first).to_be_visible()
    assert len([said for said in seen.complaints if "stays as it was drawn" in said]) == 2


def test_in_print_and_for_screen_readers_the_drawing_is_there(visit: Any, site: Any) -> None:
    page = visit().open(f"/m/{metric(site)}")
    plotted(page)
    title = page.locator(".tab h2").first.text_content() or ""
    expect(page.get_by_role("img", name=title)).to_have_count(1)
    assert page.locator(".plot svg.main-svg:not([aria-hidden=true])").count() == 0

    page.emulate_media(media="print")
    expect(page.locator(".ink")).to_have_css("opacity", "1")
    expect(page.locator(".over")).to_be_hidden()


def test_dark_and_light_are_followed_while_the_page_is_open(visit: Any, site: Any) -> None:
    page = visit(color_scheme="light").open(f"/m/{metric(site)}")
    plotted(page)
    line = page.locator(".plot .scatterlayer .js-line").first
    light = line.evaluate("(line) => getComputedStyle(line).stroke")

    page.emulate_media(color_scheme="dark")

    expect(line).not_to_have_css("stroke", light)
    expect(line).to_have_css("stroke", "rgb(124, 192, 244)")


def test_the_picture_is_the_file_at_twice_its_size(visit: Any, site: Any, tmp_path: Path) -> None:
    page = visit().open(f"/es/m/{metric(site)}")
    page.locator(".take summary").click()

    with page.expect_download() as got:
        page.locator(".take .png").click()

    got.value.save_as(tmp_path / "chart.png")
    file = (tmp_path / "chart.png").read_bytes()
    assert got.value.suggested_filename == f"{metric(site)}.png"
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(file[16:20]) == 2 * 848  # the file is 800 wide, with a margin of 24
    with page.expect_download() as drawing:
        page.locator(".take a").first.click()
    assert drawing.value.suggested_filename == f"{metric(site)}.svg"


def test_without_scripts_the_downloads_are_links_and_no_picture_is_offered(visit: Any, site: Any) -> None:
    page = visit(java_script_enabled=False).open(f"/m/{metric(site)}", live=False)
    page.locator(".take summary").click()

    expect(page.locator(".take a:visible")).to_have_count(4)
    expect(page.locator(".take button:visible")).to_have_count(0)
    for link in page.locator(".take a").all():
        assert page.request.get(site.url + (link.get_attribute("href") or "")).ok


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tab", ["time", "split"])
def test_axe_finds_nothing_in_a_chart_that_answers(
    visit: Any, violations: Any, site: Any, tab: str, scheme: str
) -> None:
    page = visit(color_scheme=scheme).open(f"/m/{metric(site)}?tab={tab}")
    plotted(page)
    page.locator(".take summary").click()
    page.locator(".keys").first.focus()
    page.keyboard.press("ArrowLeft")

    assert violations(page) == []
