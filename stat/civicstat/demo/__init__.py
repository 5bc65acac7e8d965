"""Riverbend, the demonstration city: synthetic records, the same bytes on every run and machine."""

from __future__ import annotations

from civicstat.demo.city import AS_OF, FIRST_DAY, write_city

__all__ = ["AS_OF", "FIRST_DAY", "write_city"]
