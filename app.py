"""The dashboard of this folder's metrics: `python app.py`, or `gunicorn app:server`."""

from __future__ import annotations

from pathlib import Path

from civicstat.pages import create_app

app = create_app(Path(__file__).resolve().parent)
server = app.server

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8050)
