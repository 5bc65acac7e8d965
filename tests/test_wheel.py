"""What is in the wheel: all that an installed civicstat needs outside this folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from urllib.error import HTTPError

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


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_from_an_empty_folder_an_installed_civicstat_builds_and_serves_the_demonstration_city(
    site: Path, tmp_path: Path, port: int
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    run = [sys.executable, "-m", "civicstat.cli"]

    subprocess.run([*run, "demo", "--no-serve"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    city = tmp_path / "civicstat-demo"
    checked = subprocess.run([*run, "check"], cwd=city, env=environment, capture_output=True, text=True, check=False)
    shutil.rmtree(city / "assets")  # those of the package do as well
    with subprocess.Popen([*run, "serve", "--port", str(port)], cwd=city, env=environment) as serving:
        try:
            pages = [fetched(port, path) for path in ("/", "/m/open_cases", "/live.js", "/assets/favicon.svg")]
            serving.send_signal(signal.SIGTERM)
            serving.wait(timeout=60)
        finally:
            serving.kill()

    assert (checked.returncode, serving.returncode) == (0, 0)
    assert pages == [200, 200, 200, 200]


def fetched(port: int, path: str) -> int:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at port {port}")


def version(site: Path) -> str:
    (metadata,) = site.glob("*.dist-info")
    return metadata.name.removeprefix("civicstat-").removesuffix(".dist-info")
