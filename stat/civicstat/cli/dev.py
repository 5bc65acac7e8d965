"""``civicstat dev``: the pages as declared now; every save is checked, built and shown, and nothing is published."""

from __future__ import annotations

import argparse
import shutil
import sys
import threading
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from civicstat.cli.build import day
from civicstat.cli.dev_pages import DevPages, News
from civicstat.cli.dev_watch import changed_files, look
from civicstat.cli.opened import require_project
from civicstat.cli.serve import require_free
from civicstat.errors import CivicstatError, Fault, format_faults

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from civicstat.editions import Folder
    from civicstat.spec import Project

__all__ = ["SHELF", "Workshop", "add_arguments", "run"]

SHELF = "dev"
"""Where in the data folder the editions of this command stand, apart from those that are published."""

_EVERY = 0.4  # seconds between two looks
_KEPT = 2  # editions: the one shown, and the one before, of which a page may still be on its way


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this computer alone)")
    parser.add_argument("--port", type=int, default=8050, help="the port to listen on (default: 8050)")
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=day,
        help="the day of the builds (default: that of the current edition, or today)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve, look and build until stopped."""
    from civicstat.cli.serving import serve_waitress
    from civicstat.editions import Store
    from civicstat.pages import assets_folder, build_app

    require_project(args.project)
    require_free(args.host, args.port)
    news = News()
    workshop = Workshop(args.project, args.as_of, news)
    workshop.begin()

    def application() -> WSGIApplication:
        app = build_app(Store(args.project, shelf=SHELF), assets_folder(args.project))
        return DevPages(app.server, news)

    threading.Thread(target=workshop.watch, daemon=True).start()
    shown = f"[{args.host}]" if ":" in args.host else args.host
    print(f"http://{shown}:{args.port}/", flush=True)
    return serve_waitress(application, args.host, args.port, 1)


class Workshop:
    """Checks and builds a project again and again, and tells ``news`` and the terminal what came of it."""

    def __init__(self, root: Path, as_of: date | None, news: News) -> None:
        from civicstat.editions import Folder

        self.root = root
        self.as_of = as_of
        self.news = news
        self.folder = Folder(root, SHELF)
        self.project: Project | None = None
        self.seen = look(root, None)

    def begin(self) -> None:
        """Start from what is published, so that only what is declared otherwise is computed, and build once."""
        from civicstat.editions import Folder

        _start_from(Folder(self.root), self.folder)
        self.build()

    def watch(self) -> None:
        """Look for changes for ever."""
        while True:
            time.sleep(_EVERY)
            self.step()

    def step(self) -> bool:
        """Build where a file changed and the change is whole; return whether it was tried."""
        now = look(self.root, self.project)
        changed = changed_files(self.seen, now)
        if not changed:
            return False
        time.sleep(_EVERY / 2)
        if look(self.root, self.project) != now:
            return False  # it is still being written
        self.seen = now
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        _tell(f"changed: {changed[0]}{more}")
        self.build()
        return True

    def build(self) -> None:
        """Check, and build what is right; what is wrong is told, and the last good edition stays."""
        from civicstat.spec import check_project

        began = time.monotonic()
        try:
            project, faults = check_project(self.root)
            if project is None:
                errors = [fault for fault in faults if fault.level == "error"]
                raise CivicstatError(errors)
            self.project = project
            self._publish(project, began)
        except (CivicstatError, OSError) as error:
            self._say_wrong(error)
        except Exception as error:  # one bad save must not end the work: it is said as `civicstat` itself would
            self._say_wrong(CivicstatError(Fault("unexpected", "civicstat dev", f"{type(error).__name__}: {error}")))
        self.seen = {**look(self.root, self.project), **self.seen}  # what was saved meanwhile is still to be built

    def _publish(self, project: Project, began: float) -> None:
        from civicstat.editions import build_edition

        manifest = build_edition(project, as_of=self._day(project), shelf=SHELF)
        failed = [Fault("metric-failed", f"metrics.{name}", said) for name, said in manifest["failed"].items()]
        self.news.tell(manifest["id"], format_faults(failed) if failed else "")
        computed = 0 if manifest["already_built"] else sum(item["recomputed"] for item in manifest["cells"].values())
        _tell(f"shown after {time.monotonic() - began:.1f} s: {computed:,} periods computed")
        if failed:
            _tell(format_faults(failed))
        others = [item.id for item in self.folder.published() if item.id != manifest["id"]]
        for old in others[_KEPT - 1 :]:
            shutil.rmtree(self.folder.edition(old), ignore_errors=True)

    def _day(self, project: Project) -> date:
        from civicstat.editions import Folder

        if self.as_of is None:
            try:
                published = Folder(self.root)
                self.as_of = date.fromisoformat(published.manifest(published.current())["as_of"])
            except CivicstatError:
                return datetime.now(ZoneInfo(project.city.time_zone)).date()
        return self.as_of

    def _say_wrong(self, error: Exception) -> None:
        said = str(error)
        if said != self.news.faults:
            _tell(said)
        self.news.tell(self.news.edition, said)


def _start_from(published: Folder, own: Folder) -> None:
    """Put the current edition on the shelf of this command; without one it starts from nothing."""
    try:
        edition_id = published.current()
        source = published.edition(edition_id)
    except CivicstatError:
        return
    shutil.rmtree(own.editions, ignore_errors=True)
    own.editions.mkdir(parents=True)
    shutil.copytree(source, own.editions / edition_id)
    own.point(edition_id)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
