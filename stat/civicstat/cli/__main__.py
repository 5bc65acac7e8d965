"""``python -m civicstat.cli``: the command line where no script is installed."""

import sys

from civicstat.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
