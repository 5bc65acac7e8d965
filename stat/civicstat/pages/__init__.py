"""The pages of an edition: readable before any script runs, then live through Dash."""

from __future__ import annotations

from civicstat.pages.app import build_app, create_app
from civicstat.pages.ask import Ask, link, parse_ask
from civicstat.pages.bundle import assets_folder

__all__ = ["Ask", "assets_folder", "build_app", "create_app", "link", "parse_ask"]
