"""Reads the current edition again and again, as a web worker does, and writes down what it answered.

Run as ``python read.py ROOT LOG``; it ends when its standard input does.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

_PAUSE = 0.1


def main(root: Path, log: Path) -> None:
    """Answer until standard input ends: a line for each answer, and one for an error."""
    from civicstat.editions import Store

    store = Store(root)
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    with log.open("w", encoding="utf-8") as file:
        while not ended.is_set():
            asked = time.monotonic()
            try:
                edition = store.current()
                total = edition.reading("visits", "all")
                months = edition.readings("visits", grain="month")
                parts = edition.readings("visits", period="all", dimension="clinic")
                rows = edition.rows("visits", "all", limit=1).total
                numbers = [total and total.n, sum(m.n or 0 for m in months), sum(part.n or 0 for part in parts), rows]
                answer = {"asked": asked, "edition": edition.id, "numbers": numbers}
            except Exception as error:
                answer = {"asked": asked, "error": repr(error)}
            file.write(json.dumps(answer) + "\n")
            file.flush()
            time.sleep(_PAUSE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
