"""Take sheet and fonts, the chart library, and axe for the tests, from Node packages: `make vendor`."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECIPE = ROOT / "tools" / "vendor"
RECORD = RECIPE / "vendor.json"
LARGEST_SHEET = 15 * 1024  # bytes after gzip

CLASSES = frozenset({"usa-skipnav", "usa-sr-only"})
"""The components that a page uses; a rule for any other class is left out of the sheet."""

PACKAGES = {"axe": "axe-core", "plotly": "plotly.js-basic-dist-min"}
"""Which package a file is from, by a part of its path; the others are the design system's."""

FETCHES = re.compile(r"url\((?!\"?fonts/)")
WHOLE_STACK = re.compile(r"font-family:Public Sans Web,[^;}]*")


def main() -> int:
    """Fetch, compile, shorten, and write the files with a record of their versions, licences and hashes."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print("vendor: needs Node 20 or later with npm (the vendored files are committed; only developers remake them)")
        return 2
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for part in RECIPE.iterdir():
            if part.is_file():
                shutil.copy(part, work)
        install = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([npm, *install], cwd=work, check=True)
        for script in ("subset-fonts.mjs", "compress.mjs"):
            subprocess.run([node, script], cwd=work, check=True)
        packages = work / "node_modules"
        subprocess.run(
            [
                *(node, packages / "sass" / "sass.js", "--style=compressed", "--no-source-map", "--no-charset"),
                *("--load-path", packages / "@uswds" / "uswds" / "packages", "uswds-subset.scss", "uswds-subset.css"),
            ],
            cwd=work,
            check=True,
        )
        version = json.loads((packages / "@uswds" / "uswds" / "package.json").read_text("utf-8"))["version"]
        sheet = shorten((work / "uswds-subset.css").read_text("utf-8"), CLASSES)
        head = (
            f"/* U.S. Web Design System {version}, a subset made by `make vendor`; see tools/vendor/vendor.json. */\n"
        )
        files = {
            "assets/uswds-subset.css": (head + sheet + "\n").encode(),
            "assets/fonts/public-sans-400.woff2": (work / "public-sans-400.woff2").read_bytes(),
            "assets/fonts/public-sans-700.woff2": (work / "public-sans-700.woff2").read_bytes(),
            "assets/fonts/LICENSE.md": (packages / "@uswds" / "uswds" / "LICENSE.md").read_bytes(),
            "assets/plotly/plotly-basic.min.js.br": (work / "plotly-basic.min.js.br").read_bytes(),
            "assets/plotly/LICENSE": (packages / "plotly.js-basic-dist-min" / "LICENSE").read_bytes(),
            "tests/vendor/axe.min.js": (packages / "axe-core" / "axe.min.js").read_bytes(),
        }
    write(files)
    return 0


def write(files: dict[str, bytes]) -> None:
    """Write ``files`` and their record, or say why the sheet may not be taken."""
    size = len(gzip.compress(files["assets/uswds-subset.css"]))
    if size > LARGEST_SHEET:
        raise SystemExit(f"vendor: the sheet is {size} bytes after gzip; {LARGEST_SHEET} are allowed")
    wanted = json.loads((RECIPE / "package.json").read_text("utf-8"))["dependencies"]
    record = {}
    for path, content in files.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        package = next((name for part, name in PACKAGES.items() if part in path), "@uswds/uswds")
        record[path] = {
            "package": package,
            "version": wanted[package],
            "licence": licence(path),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    RECORD.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    print(f"vendor: {len(files)} files; the sheet is {size} bytes after gzip")


def licence(path: str) -> str:
    """Return the licence of a vendored file, in the short names of the SPDX list."""
    for part, name in (("axe.min.js", "MPL-2.0"), ("plotly", "MIT")):
        if part in path:
            return name
    return "OFL-1.1" if path.endswith(".woff2") else "CC0-1.0"


def shorten(css: str, classes: frozenset[str]) -> str:
    """Return ``css`` without rules for other classes, and without what fetches anything but the fonts.

    >>> shorten(".a{color:red}.b,.a:hover{top:0}@media print{.b{top:0}}", frozenset({"a"}))
    '.a{color:red}.a:hover{top:0}'
    >>> shorten(".a{color:red;mask:url(x.svg)}", frozenset({"a"}))
    '.a{color:red}'
    """
    kept = []
    for prelude, body in blocks(css):
        if prelude.startswith(("@media", "@supports")):
            inner = "" if "url(" in prelude else shorten(body, classes)
        else:
            inner = ";".join(one for one in body.split(";") if one and not FETCHES.search(one))
            if not prelude.startswith("@"):
                chosen = (one.strip() for one in selectors(prelude))
                prelude = ",".join(one for one in chosen if classes_of(one) <= classes)
        if prelude and inner:
            kept.append(f"{prelude}{{{WHOLE_STACK.sub('font-family:var(--usa-font-sans)', inner)}}}")
    return "".join(kept)


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield each outermost rule as what stands before its braces and what stands between them."""
    start = depth = opened = 0
    for place, sign in enumerate(css):
        if sign == "{":
            if depth == 0:
                opened = place
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1


def selectors(prelude: str) -> list[str]:
    """Return the selectors of a list, a comma inside brackets being part of one."""
    return re.split(r",(?![^(]*\))", prelude)


def classes_of(selector: str) -> set[str]:
    """Return the class names in ``selector``.

    >>> sorted(classes_of(".usa-tag.usa-tag--big:not(.x)>p"))
    ['usa-tag', 'usa-tag--big', 'x']
    """
    return set(re.findall(r"\.(-?[_a-zA-Z](?:[\w-]|\\.)*)", selector))


if __name__ == "__main__":
    raise SystemExit(main())
