"""Pictures of every page for people to look at: ``CIVICSTAT_SHOTS=folder pytest tests/browser/test_looks.py``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLDER = os.environ.get("CIVICSTAT_SHOTS", "")
SIZES = {"desk": (1440, 900), "room": (1280, 720), "phone": (375, 812)}


@pytest.mark.skipif(not FOLDER, reason="CIVICSTAT_SHOTS names no folder for the pictures")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_has_its_picture_taken(visit: Any, every_type: list[str], size: str, scheme: str) -> None:
    width, height = SIZES[size]
    seen = visit(viewport={"width": width, "height": height}, color_scheme=scheme)
    seen.forgiven = "404"
    for prefix in ("", "/es"):
        for address in every_type:
            page = seen.open(prefix + address, live=address != "/nowhere")
            name = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") or "city"
            path = Path(FOLDER) / f"{name}.{prefix[1:] or 'en'}.{size}.{scheme}.png"
            page.screenshot(path=path, full_page=size != "room")
            assert path.stat().st_size > 0
            page.close()
