"""Finds the command, runs it, and says what went wrong without a traceback."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, Protocol

import civicstat
from civicstat.errors import CivicstatError, Fault, format_faults, suggest

__all__ = ["COMMANDS", "NOT_YET", "main"]

COMMANDS = {
    "check": "faults of the declarations",
    "build": "sources to a new edition",
    "value": "a metric's number for a period",
    "rows": "the very rows a number counted",
    "explain": "how a metric is counted, its SQL, where its records come from",
    "preview": "a metric as it is declared now, beside what is published",
    "diff": "which published numbers the declarations would move",
    "impact": "what rests on a column",
    "schema": "the JSON Schema by which an editor completes declarations",
    "test": "the worked examples of the metrics",
    "init": "a new small city that works at once",
    "demo": "the demonstration city, built and served",
    "serve": "the public pages",
    "dev": "the pages as declared now, built and shown again at every save",
    "editions": "the editions built so far",
    "doctor": "what is wrong with an installation, in plain words",
}
"""What each command does, in the order of the help; each is a module of this package."""

NOT_YET = (
    "run",
    "add",
    "publish",
    "admin",
    "backup",
    "restore",
)
"""Commands of the language that are not available yet."""

_PROJECT = "the folder that holds metrics/ (default: here)"
_MODULES = {"test": "examples", "init": "first_city"}


class _Command(Protocol):
    """A module of this package that is a command."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are faults in the house form."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint."""
        raise CivicstatError(Fault("usage", self.prog, message, help=f"run `{self.prog} --help`"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 (the input is wrong) or 2 (it could not be tried)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal of few letters prints `?`, and goes on
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        return 0
    except KeyboardInterrupt:
        return _say([Fault("stopped", "civicstat", "a request to stop")], 2)
    except CivicstatError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        name = str(error.filename or "civicstat")
        return _say([Fault("cannot-open", name, error.strerror or str(error))], 2)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        found = f"{type(error).__name__} at {place}: {str(error) or 'no message'}"
        mend = "this is a fault of civicstat, not of your files: please report it with these lines"
        return _say([Fault("unexpected", "civicstat", found, help=mend)], 2)
    return code


def _run(argv: Sequence[str]) -> int:
    parser = _top_parser()
    top = parser.parse_args(argv)
    if top.command is None:
        parser.print_help(sys.stdout)
        return 0
    name: str = top.command
    if name in NOT_YET:
        raise CivicstatError(not_yet(name))
    if name not in COMMANDS:
        listed = ", ".join(f"`{item}`" for item in COMMANDS)
        raise CivicstatError(Fault("no-such-command", "civicstat", f"`{name}`", listed, suggest(name, COMMANDS)))
    module: _Command = importlib.import_module(f"civicstat.cli.{_MODULES.get(name, name)}")
    own = Parser(prog=f"civicstat {name}", description=_sentence(COMMANDS[name]), allow_abbrev=False)
    told = argparse.SUPPRESS if name == "init" else _PROJECT  # a new city has no project yet
    own.add_argument("--project", metavar="DIR", type=Path, default=top.project, help=told)
    module.add_arguments(own)
    return module.run(own.parse_args(top.arguments))


def not_yet(what: str) -> Fault:
    """Return the fault of a word of the language whose meaning is not built yet.

    >>> print(not_yet("preview"))
    not-available-yet: civicstat preview
      = found:    `preview`, which is part of the language but not available yet
    """
    return Fault(
        "not-available-yet", f"civicstat {what}", f"`{what}`, which is part of the language but not available yet"
    )


def _top_parser() -> Parser:
    width = max(len(name) for name in COMMANDS)
    listed = "\n".join(f"  {name:<{width}}  {what}" for name, what in COMMANDS.items())
    parser = Parser(
        prog="civicstat",
        usage="civicstat [--project DIR] COMMAND …",
        description="Performance pages for a city, from declarations and records to published numbers.",
        epilog=f"commands:\n{listed}\n\n`civicstat COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"civicstat {civicstat.__version__}")
    parser.add_argument("--project", metavar="DIR", type=Path, default=Path(), help=_PROJECT)
    parser.add_argument("command", metavar="COMMAND", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _say(faults: Sequence[Fault], code: int) -> int:
    print(format_faults(faults), file=sys.stderr)
    return code
