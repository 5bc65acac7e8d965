"""What is in the wheel: all that an installed civicstat needs outside this folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel in it, as an installer would lay it out."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(made / "site")
    return made / "site"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_wheel_carries_what_the_pages_and_the_demonstration_city_need(site: Path) -> None:
    bundle = site / "civicstat" / "_bundle"
    assert {path.name for path in site.iterdir()} == {"civicstat", f"civicstat-{version(site)}.dist-info"}
    assert files(bundle / "assets") == files(ROOT / "assets")
    assert files(bundle / "metrics") == files(ROOT / "metrics")


@pytest.mark.slow
def test_an_installed_civicstat_checks_the_metrics_it_carries(site: Path, tmp_path: Path) -> None:
    code = "import sys, civicstat.cli; print(civicstat.__file__); sys.exit(civicstat.cli.main())"
    bundle = site / "civicstat" / "_bundle"
    done = subprocess.run(
        [sys.executable, "-c", code, "--project", str(bundle), "check"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == str(site / "civicstat" / "__init__.py")


def version(site: Path) -> str:
    (metadata,) = site.glob("*.dist-info")
    return metadata.name.removeprefix("civicstat-").removesuffix(".dist-info")
