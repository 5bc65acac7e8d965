"""Every code that a fault of the declarations may carry: what it says, an example, and the example mended."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

__all__ = ["Code", "codes"]


@dataclass(frozen=True, slots=True)
class Code:
    """``wrong`` is refused with the code and ``mended`` is not; both stand ``within`` a part of a declaration.

    A code without an example is of a file as a whole, or of what stands around it.
    """

    code: str
    says: str
    within: Literal["metric", "dataset", "department", "city", "file"] = "metric"
    wrong: str = ""
    mended: str = ""

    @property
    def page(self) -> str:
        """Where the documentation tells of it."""
        return f"docs/faults.md#{self.code}"

    def told(self) -> str:
        """Return what there is to say, as Markdown."""
        if not self.wrong:
            return f"{self.says}\n"
        head = "" if self.within == "file" else f"# in the {self.within}\n"
        parts = (f"```yaml\n{head}{text}\n```" for text in (self.wrong, self.mended))
        return f"{self.says}\n\n" + "\n\nmended:\n\n".join(parts) + "\n"


@cache
def codes() -> Mapping[str, Code]:
    """Return every code, in the order of the alphabet."""
    text = files("civicstat.spec").joinpath("codes.toml").read_text(encoding="utf-8")
    return {
        name: Code(name, **{("within" if key == "in" else key): value for key, value in item.items()})
        for name, item in tomllib.loads(text).items()
    }
