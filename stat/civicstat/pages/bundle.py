"""The files every page needs, each fetched once: one script (React, Dash's renderer, our own) and one style sheet."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import dash

from civicstat.errors import EditionError, Fault
from civicstat.pages.wire import Body, packed, packed_before

__all__ = ["PLOTLY_PATH", "Bundle", "assets_folder", "load_bundle"]

PLOTLY_PATH = "/_dash-component-suites/plotly/package_data/plotly.min.js"
"""Where Dash's own graphs would look for Plotly: a page that held one would get the same file."""

# Polyfills, dcc and the data table stay out: no page uses them, and browsers of this decade need no polyfill. Plotly is
# fetched apart, by a page with a chart in view.
_DASH = (
    "deps/react@18.3.1.min.js",
    "deps/react-dom@18.3.1.min.js",
    "deps/prop-types@15.8.1.min.js",
    "html/dash_html_components.min.js",
)
_RENDERER = "dash-renderer/build/dash_renderer.min.js"
_START = "new DashRenderer();"
_STYLES = ("uswds-subset.css", "civicstat.css")  # the later one has the last word
_PLOTLY = "plotly/plotly-basic.min.js.br"  # as `make vendor` leaves it
_QUALITY = 10  # 0.3 s once a process; 11 would take 0.9 s for 1.5 % less


@dataclass(frozen=True, slots=True)
class Bundle:
    """The one script with its address, the chart library, and the style sheet in the head of every page."""

    script: Body
    script_url: str
    plotly: Body
    style: str
    icon_url: str


def assets_folder(project: Path) -> Path:
    """Return the folder of style, scripts and fonts: the project's own, else the one shipped with the package."""
    shipped = Path(str(files("civicstat")))
    for folder in (project / "assets", shipped / "_bundle" / "assets", shipped.parent.parent / "assets"):
        if all((folder / name).is_file() for name in _STYLES):
            return folder
    raise EditionError(
        Fault(
            "no-assets",
            str(project / "assets"),
            found=f"no `{_STYLES[-1]}` in it, nor in the installed package",
            help="install civicstat again, or run it from its own folder",
        )
    )


@cache
def load_bundle(assets: Path) -> Bundle:
    """Read and compress the files of ``assets`` and of Dash, once a process."""
    shipped = Path(dash.__file__).parent
    plotly = packed_before((assets / _PLOTLY).read_bytes())
    parts = [
        *(shipped / name for name in _DASH),
        assets / "components.js",
        assets / "charts.js",
        assets / "takeover.js",
        shipped / _RENDERER,
    ]
    text = ";\n".join(re.sub(r"//# sourceMappingURL=\S+", "", path.read_text("utf-8")) for path in parts)
    style = _inlined((assets / "charts.css").read_text("utf-8"), assets)
    given = json.dumps({"plotly": f"{PLOTLY_PATH}?v={plotly.tag}", "style": style})
    script = packed(f"window.civicstat_given = {given};\n{text};\n{_START}\n".encode(), _QUALITY)
    icon = packed((assets / "favicon.svg").read_bytes())
    return Bundle(
        script=script,
        script_url=f"/live.js?v={script.tag}",
        plotly=plotly,
        style="".join(_inlined((assets / name).read_text("utf-8"), assets) for name in _STYLES),
        icon_url=f"/assets/favicon.svg?v={icon.tag}",
    )


def _inlined(style: str, assets: Path) -> str:
    """Return ``style`` with its relative addresses made absolute and versioned by content."""

    def absolute(found: re.Match[str]) -> str:
        path = found[1]
        return f"url(/assets/{path}?v={packed((assets / path).read_bytes()).tag})"

    whole = re.sub(r"url\(['\"]?(?!data:|#|/)([^'\")]+)['\"]?\)", absolute, style)
    without_notes = re.sub(r"/\*(?!!).*?\*/", "", whole, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", without_notes).strip()
