"""What the set-up says on the way, on stderr, and how it stops."""

from __future__ import annotations

import sys
from typing import NoReturn


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"civicstat: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """Print what is wrong and how to mend it, and end with code 2: it could not be tried."""
    say(text)
    raise SystemExit(2)
