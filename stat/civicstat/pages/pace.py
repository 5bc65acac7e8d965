"""How often one address may ask, so that nobody can keep the city's pages from the others."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

__all__ = ["Pace"]

_PAGES = RateLimitItemPerSecond(300, 10)
_DOWNLOADS = RateLimitItemPerMinute(60)
_HEAVY = (".csv", ".xlsx", ".json", ".svg")
_KEPT_OUT = ("/assets/", "/live.js", "/healthz", "/readyz")
_NETWORK = 64  # bits: a household's part of an IPv6 address


class Pace:
    """Counts requests by address: 300 in 10 seconds, of which downloads 60 in a minute; each process counts its own.

    This computer's own address is not counted: it is a proxy in front that was not told to pass on addresses, or
    somebody at the machine itself.
    """

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, address: str | None, path: str) -> int:
        """Return 0 and count the request, or how long its sender should wait."""
        sender = _sender(address)
        if sender is None or path.startswith(_KEPT_OUT):
            return 0
        limit: RateLimitItem = _DOWNLOADS if path.startswith("/api/") and path.endswith(_HEAVY) else _PAGES
        return 0 if self._limiter.hit(limit, sender) else limit.get_expiry()


def _sender(address: str | None) -> str | None:
    """Return whom to count a request for; None: nobody."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is not None:
            return _sender(str(known.ipv4_mapped))
        shown = str(IPv6Address(int(known) >> _NETWORK << _NETWORK))
    else:
        shown = str(known)
    return None if known.is_loopback else shown
