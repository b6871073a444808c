"""Clients that nobody here wrote, from npm: they judge the fakes of the platforms that they speak to."""

import contextlib
import shutil
import subprocess
from pathlib import Path

import pytest

FETCH_S = 50


def fetched(folder: Path, script: Path, *packages: str) -> Path:
    """The folder with these packages and the script that uses them; skips where npm is not, or cannot fetch them."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=folder, capture_output=True, timeout=FETCH_S, check=False)
    if not all((folder / "node_modules" / name.rpartition("@")[0]).is_dir() for name in packages):
        pytest.skip(f"npm cannot fetch {' and '.join(packages)} here")
    shutil.copy(script, folder)
    return folder
