"""civicstat: performance pages for a city, from declarations and records to published numbers."""

__version__ = "0.1.0"
