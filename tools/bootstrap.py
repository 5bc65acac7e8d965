"""Set civicstat up and run it with nothing but Python: ``python tools/bootstrap.py demo``."""

import sys

OLDEST = (3, 11)


def main():  # type: () -> int
    """Say which Python is needed, or go on with one that can read the rest."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            "civicstat needs Python 3.11 or later; this is " + found + ".\n"
            "Install a newer Python and run it by name, as in: python3.12 tools/bootstrap.py demo\n"
            "With make: make demo PYTHON=python3.12\n"
        )
        return 2
    from tasks import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
