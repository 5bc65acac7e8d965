from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from civicstat.results import Status

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What a reader reads: text, values and drawings, without the state of controls and what makes a chart answer.
_READ = """() => {
  const page = (document.querySelector('#page') || document.querySelector('#still > div')).cloneNode(true);
  page.querySelectorAll('.over').forEach((element) => element.replaceChildren());
  page.querySelectorAll('.plotted').forEach((element) => element.classList.remove('plotted'));
  page.querySelectorAll('[data-drawn]').forEach((element) => element.setAttribute('data-drawn', 'svg'));
  return {
    text: page.textContent,
    html: page.innerHTML.replace(/ selected=""/g, ''),
    values: [...page.querySelectorAll('data.value')].map((element) => element.getAttribute('value')),
  };
}"""
# The document is read, its letters are there and two pictures of it were drawn: nothing moves by itself any more.
_DRAWN = """async () => {
  const frames = async () => {
    for (let count = 0; count < 2; count += 1) await new Promise(requestAnimationFrame);
  };
  while (document.readyState === 'loading') await new Promise((done) => setTimeout(done, 20));
  await frames();
  await document.fonts.ready;
  await frames();
  await new Promise((done) => setTimeout(done, 50));
}"""


def test_with_scripts_off_every_value_status_table_and_chart_is_there(visit: Any, site: Any) -> None:
    still = visit(java_script_enabled=False)
    edition, page = site.edition, None
    for name, department in edition.catalogue.departments.items():
        page = still.open(f"/d/{name}", live=False, page=page)
        cards = page.locator("article[data-metric]")
        assert {card.get_attribute("data-metric") for card in cards.all()} == set(department.metrics)
        for card in cards.all():
            reading = edition.reading(card.get_attribute("data-metric"), card.get_attribute("data-period"))
            shown = [item.get_attribute("value") for item in card.locator("data.value[value]").all()]
            assert [float(value) for value in shown if value] == ([] if reading is None else _values(reading))
            status = card.get_attribute("data-status")
            assert status in list(Status)
            if status not in (Status.NO_GOAL, Status.INFORMATIONAL):
                expect(card.locator(".chip")).not_to_be_empty()
    for name in edition.catalogue.metrics:
        if not any(reading.value is not None for reading in edition.readings(name)):
            continue  # its page says why there is nothing to draw
        page = still.open(f"/m/{name}", live=False, page=page)
        figure = page.locator("figure[data-metric][data-drawn=svg]").first
        expect(figure.locator(".drawing svg:visible")).to_have_count(1)
        assert figure.locator("table tr").count() > 2
        expect(figure.locator("figcaption")).not_to_be_empty()
        expect(page.locator("form.controls [type=submit]")).to_be_visible()


def test_dash_takes_over_without_a_jump_and_changes_nothing_that_is_read(visit: Any, every_type: list[str]) -> None:
    live, page = visit(), None
    release = live.hold_scripts()
    for address in _both(every_type[:-1]):
        page = live.open(address, live=False, wait="commit", page=page)
        page.wait_for_selector("footer")
        page.evaluate(_DRAWN)
        before = page.evaluate(_READ)
        page.evaluate("window.shift = 0")
        release()
        page.wait_for_selector("html.live", state="attached")
        page.evaluate(_DRAWN)
        assert page.evaluate("window.shift") <= 0.01, address
        after = page.evaluate(_READ)
        assert after["text"] == before["text"], address
        assert after["values"] == before["values"], address
        assert after["html"] == before["html"], address


def _values(reading: Any) -> list[float]:
    return [] if reading.value is None or reading.suppressed else [reading.value]


def test_a_choice_stays_in_the_address_and_back_undoes_it(visit: Any, site: Any) -> None:
    metric = _metric(site)
    live = visit()
    page = live.open(f"/m/{metric}?tab=split")
    live.requests.clear()
    first = page.locator("select[name=period]").input_value()
    other = page.locator("select[name=period] option").nth(2).get_attribute("value")
    heading = page.locator("h1").inner_text()

    page.locator("select[name=period]").focus()
    page.select_option("select[name=period]", other)
    expect(page.locator("[role=status]").last).to_contain_text("Updated")
    assert f"period={other}" in page.url
    assert "tab=split" in page.url
    expect(page.locator("select[name=period]")).to_be_focused()
    assert page.locator("h1").inner_text() == heading
    assert not [url for url in live.requests if url.startswith(f"{site.url}/m/")]

    link = page.url
    page.go_back()
    expect(page.locator("select[name=period]")).to_have_value(first)
    assert "period=" not in page.url

    sent = live.open(link.removeprefix(site.url))
    expect(sent.locator("select[name=period]")).to_have_value(other or "")


def test_a_page_is_busy_until_its_answer_is_drawn_whatever_else_is_drawn_meanwhile(visit: Any, site: Any) -> None:
    live = visit()
    page = live.open(f"/m/{_metric(site)}")
    held: list[Route] = []
    page.route("**/_dash-update-component", lambda route: held.append(route))
    busy = page.locator("html[data-busy]")
    other = page.locator("select[name=period] option").nth(2).get_attribute("value")

    with page.expect_request("**/_dash-update-component"):
        page.select_option("select[name=period]", other)
    page.evaluate("document.querySelector('#page .over').append(document.createElement('i'))")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(busy).to_have_count(1)
    held.pop().continue_()
    expect(busy).to_have_count(0)
    expect(page.locator("select[name=period]")).to_have_value(other or "")


def test_a_choice_taken_back_at_once_leaves_the_page_that_the_address_says(visit: Any, site: Any) -> None:
    page = visit().open(f"/m/{_metric(site)}")
    first = page.locator("select[name=period]").input_value()

    page.evaluate("""() => {
      const period = document.querySelector("select[name=period]");
      for (const at of [2, period.selectedIndex]) {
        period.selectedIndex = at;
        period.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }""")
    expect(page.locator("html[data-busy]")).to_have_count(0)
    assert page.locator("select[name=period]").input_value() == first


def test_tabs_open_in_place_and_other_pages_load_whole(visit: Any, site: Any) -> None:
    live = visit()
    page = live.open(f"/m/{_metric(site)}")
    page.locator("a[href*='tab=rows']").first.click()
    expect(page.locator("a[href*='tab=rows'][aria-current]")).to_be_visible()
    assert page.evaluate("performance.getEntriesByName('civicstat:live').length") == 1

    page.locator("header a[href='/help']").click()
    page.wait_for_url("**/help")
    expect(page.locator("h1")).to_be_visible()


def test_the_form_works_without_scripts(visit: Any, site: Any) -> None:
    page = visit(java_script_enabled=False).open(f"/m/{_metric(site)}?tab=split", live=False)
    other = page.locator("select[name=period] option").nth(2).get_attribute("value")

    page.select_option("select[name=period]", other)
    page.locator("form.controls [type=submit]").click()

    page.wait_for_url(f"**period={other}**")
    assert "tab=split" in page.url


def test_what_was_opened_and_focused_before_scripts_arrive_stays_so(visit: Any, site: Any) -> None:
    live = visit()
    release = live.hold_scripts()
    page = live.open(f"/m/{_metric(site)}", live=False, wait="commit")
    page.locator("details summary").first.click()
    page.locator("details summary").first.focus()
    page.evaluate("window.scrollTo(0, 200)")

    release()
    page.wait_for_selector("html.live", state="attached")

    assert page.locator("details").first.get_attribute("open") is not None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("window.scrollY") == 200


def test_a_choice_made_before_scripts_arrive_is_carried_out(visit: Any, site: Any) -> None:
    live = visit()
    release = live.hold_scripts()
    page = live.open(f"/m/{_metric(site)}", live=False, wait="commit")
    other = page.locator("select[name=period] option").nth(2).get_attribute("value")
    page.select_option("select[name=period]", other)

    release()

    page.wait_for_url(f"**period={other}**")
    expect(page.locator("select[name=period]")).to_have_value(other or "")


def test_an_answer_that_fails_leads_to_the_page_itself(visit: Any, site: Any) -> None:
    live = visit()
    live.forgiven = "500|Callback error"
    page = live.open(f"/m/{_metric(site)}")
    page.route("**/_dash-update-component", lambda route: route.fulfill(status=500, body="{}"))
    other = page.locator("select[name=period] option").nth(2).get_attribute("value")

    page.select_option("select[name=period]", other)

    expect(page.locator("select[name=period]")).to_have_value(other or "")
    page.wait_for_selector("html.live", state="attached")


def test_a_narrow_page_does_not_scroll_sideways(visit: Any, every_type: list[str]) -> None:
    narrow = visit(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    narrow.forgiven = "404"
    page = narrow.open("/", live=False)
    wide = {}
    for address in _both(every_type):
        page.goto(narrow.site.url + address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in wide.items() if width > 320} == {}


def _both(paths: list[str]) -> list[str]:
    return [prefix + path for path in paths for prefix in ("", "/es")]


def _metric(site: Any) -> str:
    """Return a metric with dimensions, rows and several periods."""
    metrics = site.edition.catalogue.metrics.values()
    return next(str(info.name) for info in metrics if info.dimensions and info.rows and info.last and not info.error)
