"""Pages that show themselves again when there is a new edition, and what is wrong while there is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["DevPages", "News"]

_NEWS, _SCRIPT = "/_dev/news", "/_dev/dev.js"
_TAG = f'<script src="{_SCRIPT}" defer></script>'.encode()

_CODE = """
(() => {
  let edition, faults;
  const look = async () => {
    try {
      const news = await (await fetch("/_dev/news", {cache: "no-store"})).json();
      if (edition !== undefined && news.edition !== edition) return location.reload();
      edition = news.edition;
      if (news.faults !== faults) show(faults = news.faults);
    } catch {}
    setTimeout(look, 700);
  };
  const show = (text) => {
    document.getElementById("dev-faults")?.remove();
    if (!text) return;
    const banner = document.createElement("pre");
    banner.id = "dev-faults";
    banner.setAttribute("role", "alert");
    banner.textContent = text;
    banner.style.cssText = "position:sticky;top:0;z-index:9999;margin:0;padding:1rem;max-height:50vh;overflow:auto;"
      + "white-space:pre-wrap;background:#5c1111;color:#fff;font:14px/1.4 monospace";
    document.body.prepend(banner);
  };
  look();
})();
"""


class News:
    """The edition that is shown, and what is wrong with what was saved since; empty where nothing is."""

    def __init__(self) -> None:
        self.edition = ""
        self.faults = ""

    def tell(self, edition: str, faults: str) -> None:
        """Take in what came of a build."""
        self.faults = faults
        self.edition = edition


class DevPages:
    """A WSGI layer that puts a script into every page, which asks for news and acts on them."""

    def __init__(self, application: WSGIApplication, news: News) -> None:
        self._application = application
        self._news = news

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer; a page is taken whole, so that it can be added to."""
        path = environ.get("PATH_INFO", "")
        if path == _NEWS:
            body = json.dumps({"edition": self._news.edition, "faults": self._news.faults}).encode()
            return _answer(start_response, "application/json", body)
        if path == _SCRIPT:
            return _answer(start_response, "text/javascript; charset=utf-8", _CODE.encode())
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"):
            environ.pop(name, None)  # a page in small form could not be added to, and one held is without the script
        begun: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            begun[:] = [status, headers]
            return lambda _: None

        pieces = self._application(environ, begin)
        try:
            body = b"".join(pieces)
        finally:
            getattr(pieces, "close", lambda: None)()
        status, headers = begun
        if dict(headers).get("Content-Type", "").startswith("text/html") and environ["REQUEST_METHOD"] != "HEAD":
            body = body.replace(b"</body>", _TAG + b"</body>", 1)
            headers = [(name, value) for name, value in headers if name.lower() not in ("content-length", "etag")]
            headers.append(("Content-Length", str(len(body))))
        start_response(status, headers)
        return [body]


def _answer(start_response: StartResponse, kind: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response("200 OK", headers)
    return [body]
