"""What the kernel says about processes of ours: their children, and the memory that they hold."""

import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def family(pid: int) -> list[int]:
    """The process and everything that it started, itself first."""
    found, at = [pid], 0
    while at < len(found):
        try:
            for task in Path(f"/proc/{found[at]}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
        at += 1
    return found


def end_with_parent() -> None:
    """In a new child: end when the bench ends, however that happens; a hub takes its stores with it."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_family(pid: int) -> None:
    """SIGKILL to all of them at once, as a power cut for processes would."""
    for one in family(pid):
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


def command(pid: int) -> str:
    """Its command line."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()


def memory_mb(pid: int) -> tuple[float, float]:
    """Its RSS and PSS in MB (10⁶ bytes): all that it maps, and its share where it shares."""
    said = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        said[name] = int(rest.split()[0]) * 1024 / 1e6
    return said["Rss"], said["Pss"]
