"""The web application: a finished edition as pages, whole from the server, then live through one Dash callback."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component
from flask import Flask, Request, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from civicstat.editions import Edition, Store
from civicstat.errors import EditionError
from civicstat.pages import layouts as house_layouts
from civicstat.pages.ask import Ask, link, parse_ask, plain_ask, settle
from civicstat.pages.bundle import PLOTLY_PATH, Bundle, assets_folder, load_bundle
from civicstat.pages.components import Address
from civicstat.pages.document import write_document
from civicstat.pages.guard import is_callback, is_versioned, same_origin, secure, sent_json
from civicstat.pages.pace import Pace
from civicstat.pages.problem import problem_ask, problem_name, problem_page
from civicstat.pages.routes import Layouts, draw_page, has_page, page_title, what_changed
from civicstat.pages.wire import Body, BodyCache, body_response, compress_response, packed
from civicstat.publish import Editions, create_api, create_downloads, error_response
from civicstat.words import phrase

__all__ = ["build_app", "create_app"]

_CACHE_BYTES = 16 * 2**20  # some 600 pages
_LARGEST_REQUEST = 2**20
_LONGEST_QUERY = 2000
_REVALIDATE = "public, no-cache"
_FOREVER = "public, max-age=31536000, immutable"
_CALLBACK = "/_dash-update-component"
_CLOSED = ("/_dash-component-suites/", "/_reload-hash", "/_favicon.ico")  # the bundle holds all but Plotly
_CHART = "/chart.svg"
_MACHINES = ("/api/", "/_dash")
_CONFIG_KEPT = (
    "children_props",
    "props_check",
    "requests_pathname_prefix",
    "serve_locally",
    "show_undo_redo",
    "suppress_callback_exceptions",
    "ui",
    "update_title",
    "url_base_pathname",
    "validate_callbacks",
)


def create_app(project: Path, *, office: bool = False) -> Dash:
    """Return the application that serves the editions of ``project``: the public file, or the office's."""
    return build_app(Store(project, office=office), assets_folder(project), office=office)


def build_app(
    editions: Editions, assets: Path, *, office: bool = False, layouts: Layouts | ModuleType = house_layouts
) -> Dash:
    """Return the application over ``editions``, with the style, scripts and fonts of ``assets``."""
    app = _Site(editions, assets, load_bundle(assets), layouts, office)
    server: Flask = app.server
    server.config.update(MAX_CONTENT_LENGTH=_LARGEST_REQUEST, SEND_FILE_MAX_AGE_DEFAULT=None)
    hosts = [host.strip() for host in os.environ.get("CIVICSTAT_TRUSTED_HOSTS", "").split(",") if host.strip()]
    server.config["TRUSTED_HOSTS"] = hosts or None
    if os.environ.get("CIVICSTAT_BEHIND_PROXY") == "1":
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    server.register_blueprint(create_api(editions))
    server.register_blueprint(create_downloads(editions))
    server.add_url_rule("/live.js", "live", app.live_script)
    server.add_url_rule("/m/<metric>/chart.svg", "chart", app.chart)
    server.add_url_rule("/<lang>/m/<metric>/chart.svg", "chart_in_language", app.chart)
    server.add_url_rule("/favicon.ico", "favicon", lambda: redirect(app.bundle.icon_url, 302))
    server.before_request(app.admit)
    server.after_request(app.dress)
    server.register_error_handler(HTTPException, app.say)
    server.register_error_handler(EditionError, lambda _: app.say_status(503))
    server.register_error_handler(Exception, app.fail)
    return app


class _Site(Dash):
    """Dash with its own routes narrowed to one callback, and its index replaced by whole pages."""

    def __init__(
        self, editions: Editions, assets: Path, bundle: Bundle, layouts: Layouts | ModuleType, office: bool
    ) -> None:
        super().__init__(
            "civicstat",
            assets_folder=str(assets),
            pages_folder="",
            use_pages=False,
            include_assets_files=False,
            add_log_handler=False,
            update_title="",
            enable_mcp=False,
            title="civicstat",
        )
        self.editions = editions
        self.bundle = bundle
        self.layouts: Any = layouts
        self.office = office
        self.cache = BodyCache(_CACHE_BYTES)
        self.pace = Pace()
        self.layout = html.Div([html.Div(id="page"), Address("address", "/", "")])
        self.callback(
            Output("page", "children"),
            Output("address", "announcement"),
            Input("address", "search"),
            State("address", "pathname"),
            prevent_initial_call=True,
        )(self.redraw)
        self.declared = dict(self._callback_list[0])

    def index(self, *_args: Any, **_kwargs: Any) -> Any:
        """Return the page at the requested address."""
        return self.page(request)

    def _setup_plotlyjs(self) -> None:
        """Leave the package unloaded: a page fetches the script alone."""

    def ask(self, path: str, query: str) -> tuple[Edition, Ask]:
        """Return the current edition and what the address asks of it."""
        edition = self.editions.current()
        ask = parse_ask(path, query, edition.catalogue.city.languages)
        return edition, settle(ask, edition.catalogue, edition.calendar)

    def page(self, request: Request) -> Any:
        """Return the document of a page address; 404 in the house style where there is none."""
        query = request.query_string.decode("latin-1")
        if len(query) > _LONGEST_QUERY:
            abort(414)
        edition, ask = self.ask(request.path, query)
        if ask.path != "/" and ask.path.endswith("/") and has_page(edition.catalogue, ask.path[:-1]):
            return redirect(link(replace(ask, path=ask.path[:-1]), after=ask.after), 308)
        if request.path.startswith(_MACHINES):
            abort(404)
        if not has_page(edition.catalogue, ask.path):
            return self.plain_page(404, self.layouts.not_found_page(edition, plain_ask(ask)), plain_ask(ask))
        if ask.q:  # what people type is seldom typed twice, and would push what is asked often out of the cache
            return body_response(self._document(edition, ask), request, "text/html", _REVALIDATE)
        body = self.cache.get((edition.id, self.office, ask), lambda: self._document(edition, ask))
        return body_response(body, request, "text/html", _REVALIDATE)

    def _document(self, edition: Edition, ask: Ask) -> Body:
        page = draw_page(self.layouts, edition, ask)
        title = page_title(edition.catalogue, ask)
        whole: dict[str, Any] = self._config()  # type: ignore[no-untyped-call]
        config = {name: whole[name] for name in _CONFIG_KEPT}
        callbacks = [{**self.declared, "hidden": False}]
        return packed(write_document(page, ask, title, self.bundle, config=config, callbacks=callbacks).encode())

    def chart(self, metric: str, lang: str = "") -> Response:
        """Return the chart that a metric's page shows, as a file; 404 where there is no such page or chart."""
        query = request.query_string.decode("latin-1")
        if len(query) > _LONGEST_QUERY:
            abort(414)
        edition, ask = self.ask(request.path.removesuffix(_CHART), query)
        if ask.path != f"/m/{metric}" or not has_page(edition.catalogue, ask.path):
            abort(404)
        drawn = self.layouts.chart_file(edition, metric, ask)
        if drawn is None:
            abort(404)
        answer = body_response(packed(drawn.encode()), request, "image/svg+xml", _REVALIDATE)
        answer.headers["Content-Disposition"] = f'attachment; filename="{metric}.svg"'
        return answer

    def plain_page(self, status: int, page: Component, ask: Ask) -> Response:
        """Return a page that loads no script and that nobody keeps."""
        title = phrase(f"problem.{problem_name(status)}_title", ask.lang)
        response = Response(write_document(page, ask, title, self.bundle), status, mimetype="text/html")
        response.headers["Cache-Control"] = "no-store"
        return response

    def redraw(self, search: str, pathname: str) -> tuple[Component, str]:
        """Return the page for a changed address, parsed as strictly as a first visit, and what to announce."""
        if len(search) > _LONGEST_QUERY:
            abort(414)
        edition, ask = self.ask(pathname, search)
        if not has_page(edition.catalogue, ask.path):
            abort(404)
        return draw_page(self.layouts, edition, ask), what_changed(edition, ask)

    def live_script(self) -> Response:
        """Return the one script; its address changes with its content."""
        return _script(self.bundle.script)

    def plotly_script(self) -> Response:
        """Return the chart library, before Dash would look for it where none of its own files is served."""
        return _script(self.bundle.plotly)

    def admit(self) -> Response | None:
        """Refuse, before Dash sees it, what no page of ours would send, and who asks too often."""
        wait = self.pace.seconds_to_wait(request.remote_addr, request.path)
        if wait:
            answer = self.say_status(429)
            answer.headers["Retry-After"] = str(wait)
            return answer
        if request.path == PLOTLY_PATH and request.method in ("GET", "HEAD"):
            return self.plotly_script()
        if request.path.startswith(_CLOSED):
            abort(404)
        called = request.path == _CALLBACK and request.method == "POST"
        if called and not (same_origin(request) and is_callback(sent_json(request), self.declared)):
            abort(400)
        return None

    def dress(self, response: Response) -> Response:
        """Give every answer its headers and its compression."""
        if request.path.startswith("/assets/") and response.status_code == 200:
            response.headers["Cache-Control"] = _FOREVER if is_versioned(request) else _REVALIDATE
        return secure(compress_response(response, request), request, office=self.office)

    def say(self, error: HTTPException) -> Any:
        """Return an HTTP error as JSON or as a page; redirects pass."""
        return error if (error.code or 500) < 400 else self.say_status(error.code or 500)

    def fail(self, error: Exception) -> Any:
        """Record a fault with its trace and say that there was one."""
        self.server.logger.error("%s could not be answered", request.endpoint, exc_info=error)
        return self.say_status(500)

    def say_status(self, status: int) -> Response:
        """Return the answer for a status: JSON for programs, a page for people."""
        if request.path.startswith(_MACHINES):
            return error_response(status)
        ask = problem_ask(request.path)
        return self.plain_page(status, problem_page(status, ask), ask)


def _script(body: Body) -> Response:
    forever = request.args.get("v") == body.tag
    return body_response(body, request, "text/javascript", _FOREVER if forever else _REVALIDATE)
