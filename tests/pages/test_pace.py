from __future__ import annotations

import pytest

from civicstat.pages.pace import Pace


def test_many_requests_of_one_address_are_put_off_and_those_of_others_are_not() -> None:
    pace = Pace()

    waits = [pace.seconds_to_wait("203.0.113.5", "/") for _ in range(301)]

    assert waits[:300] == [0] * 300
    assert waits[300] == 10
    assert pace.seconds_to_wait("203.0.113.6", "/") == 0


def test_downloads_are_counted_apart_and_sooner() -> None:
    pace = Pace()

    waits = [pace.seconds_to_wait("203.0.113.5", "/api/v1/metrics/on_time.xlsx") for _ in range(61)]

    assert (waits[59], waits[60]) == (0, 60)
    assert pace.seconds_to_wait("203.0.113.5", "/m/on_time") == 0


def test_what_every_page_needs_and_what_a_monitor_asks_is_not_counted() -> None:
    pace = Pace()

    assert not any(pace.seconds_to_wait("203.0.113.5", "/live.js") for _ in range(400))
    assert not any(pace.seconds_to_wait("203.0.113.5", "/readyz") for _ in range(400))


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_computer_itself_is_not_counted(address: str) -> None:
    pace = Pace()

    assert not any(pace.seconds_to_wait(address, "/") for _ in range(400))


def test_the_addresses_of_one_household_are_one_sender() -> None:
    pace = Pace()

    waits = [pace.seconds_to_wait(f"2001:db8:0:1::{number:x}", "/") for number in range(301)]

    assert waits[300] == 10
    assert pace.seconds_to_wait("2001:db8:0:2::1", "/") == 0


def test_a_sender_without_an_address_is_counted_all_the_same() -> None:
    pace = Pace()

    assert [pace.seconds_to_wait(None, "/") for _ in range(301)][300] == 10
