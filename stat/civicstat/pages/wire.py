"""What goes over the wire: bodies with their compressed forms and tag, and a bounded cache of them."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

import brotli
from flask import Request, Response

__all__ = ["Body", "BodyCache", "body_response", "compress_response", "packed", "packed_before"]

_SMALLEST = 500
_BODILESS = (204, 206, 304)
_TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Body:
    """A body ready to be sent, by brotli or gzip, and the tag of its content; plain is rare and made when asked for."""

    br: bytes
    gz: bytes
    tag: str

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.br) + len(self.gz)

    @property
    def plain(self) -> bytes:
        """The body for those who accept no compression."""
        return gzip.decompress(self.gz)


def packed(plain: bytes, quality: int = 5) -> Body:
    """Return ``plain`` with its compressed forms; ``quality`` is brotli's, 0 to 11."""
    return _body(plain, brotli.compress(plain, quality=quality))


def packed_before(compressed: bytes) -> Body:
    """Return what lies on the disk compressed by brotli, better than there is time for when a process starts."""
    return _body(brotli.decompress(compressed), compressed)


def _body(plain: bytes, compressed: bytes) -> Body:
    return Body(compressed, gzip.compress(plain, 6, mtime=0), hashlib.sha256(plain).hexdigest()[:20])


def body_response(body: Body, request: Request, mimetype: str, cache_control: str, status: int = 200) -> Response:
    """Return the answer in the best form ``request`` accepts, or 304 where it holds the same tag."""
    form = _accepted(request)
    data = body.br if form == "br" else body.gz if form else body.plain
    response = Response(data, status=status, mimetype=mimetype)
    if form:
        response.headers["Content-Encoding"] = form
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = cache_control
    response.set_etag(f"{body.tag}{form and '-' + form}")
    if status == 200:
        response.make_conditional(request)
    return response


def compress_response(response: Response, request: Request) -> Response:
    """Compress a text answer that nothing has compressed yet."""
    form = _accepted(request)
    compressed = "Content-Encoding" in response.headers
    if not form or compressed or response.status_code in _BODILESS or not (response.mimetype or "").startswith(_TEXT):
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < _SMALLEST:
        return response
    response.set_data(brotli.compress(data, quality=5) if form == "br" else gzip.compress(data, 6, mtime=0))
    response.headers["Content-Encoding"] = form
    response.headers["Vary"] = "Accept-Encoding"
    response.headers.pop("ETag", None)
    return response


def _accepted(request: Request) -> str:
    accepted = request.accept_encodings
    return next((form for form in ("br", "gzip") if accepted[form] > 0), "")


class BodyCache:
    """The bodies used last, at most ``limit`` bytes of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._bodies: OrderedDict[Hashable, Body] = OrderedDict()
        self._lock = Lock()

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._held

    def get(self, key: Hashable, make: Callable[[], Body]) -> Body:
        """Return the body of ``key``, made now if it is not held; a body larger than the limit is not kept."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
                return body
        body = make()
        with self._lock:
            if key not in self._bodies and body.size <= self._limit:
                self._bodies[key] = body
                self._held += body.size
                while self._held > self._limit:
                    _, dropped = self._bodies.popitem(last=False)
                    self._held -= dropped.size
        return body
