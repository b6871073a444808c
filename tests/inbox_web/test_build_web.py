"""The build of the front ends: only when something changed, with whatever Node there is, all or nothing."""

import json
import stat
from pathlib import Path

import pytest

from inbox_web import build_web
from inbox_web.build_web import BuildFailed, CustomBuildHook

LOCK = Path(build_web.__file__).parent / "package-lock.json"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end of four files, built once."""
    for name in ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/main.tsx").write_text("one")
    monkeypatch.setattr(build_web, "HERE", tmp_path)
    monkeypatch.setattr(build_web, "DIST", tmp_path / "dist")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/index.html").write_text("built before")
    (tmp_path / "dist/.stamp").write_text(build_web.sources_stamp())
    return tmp_path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(where: Path, script: str) -> None:
    where.write_text(f"#!/bin/sh\n{script}\n")
    where.chmod(where.stat().st_mode | stat.S_IXUSR)


def hook(root: Path) -> CustomBuildHook:
    return object.__new__(CustomBuildHook)


def test_nothing_is_built_while_nothing_changed(checkout: Path, path: Path) -> None:
    assert build_web.build() is False
    assert hook(checkout).dependencies() == []


@pytest.mark.parametrize("change", ["inbox/main.tsx", "inbox/new.tsx", "package-lock.json", "vite.config.ts"])
def test_any_changed_source_makes_it_stale(checkout: Path, change: str) -> None:
    (checkout / change).write_text("two")
    assert not build_web.is_fresh()


def test_without_node_a_stale_build_asks_for_the_package(checkout: Path, path: Path) -> None:
    (checkout / "inbox/main.tsx").write_text("two")
    assert hook(checkout).dependencies() == [build_web.NODE_FROM_PYPI]


@pytest.mark.parametrize(("version", "taken"), [("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True)])
def test_only_a_new_enough_node_is_taken(path: Path, version: str, taken: bool) -> None:
    program(path / "node", f"echo {version}")
    program(path / "npm", "exit 0")
    assert (build_web.machine_node() is not None) is taken


def test_a_node_without_npm_is_not_taken(path: Path) -> None:
    program(path / "node", "echo v22.12.0")
    assert build_web.machine_node() is None


def test_a_failing_build_shows_the_tools_words_and_leaves_the_old_pages(
    checkout: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "inbox/main.tsx").write_text("two")
    (checkout / "node_modules").mkdir()
    program(path / "npm", "exit 0")
    program(path / "node", 'case "$1" in --version) echo v22.12.0;; *) echo "Unexpected token" >&2; exit 1;; esac')
    with pytest.raises(BuildFailed, match="vite"):
        build_web.build()
    assert "Unexpected token" in capsys.readouterr().err
    assert (checkout / "dist/index.html").read_text() == "built before"


def test_the_lock_has_a_hash_for_every_package_and_no_addresses() -> None:
    packages = {name: package for name, package in json.loads(LOCK.read_text("utf-8"))["packages"].items() if name}
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
