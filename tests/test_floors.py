"""The house's floors: imports go downwards only. ARCHITECTURE.md tells why; this test holds it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PACKAGES = ("hub", "channels", "nlp", "inbox_web")

FLOOR_0 = ("hub.model", "hub.inbound", "hub.errors")
# Small things without a floor of their own: pure, and used from everywhere above floor 0.
GROUND = (*FLOOR_0, "hub.rule", "hub.flow", "hub.roster", "hub.lunar", "hub.bell", "hub.ids", "hub.clock")
FLOOR_1 = ("hub.settings", "hub.store", "hub.bus", "hub.logs", "channels.base", "channels.split", "nlp")
FLOOR_3A = ("hub.people", "hub.safety", "hub.reports", "hub.events", "hub.views", "hub.search", "hub.intents")
FLOOR_3B = ("hub.routing", "hub.departures", "hub.learning")
FLOOR_3C = ("hub.bots", "hub.campaigns")
FLOOR_3D = ("hub.arrivals",)
TO_3A = (*GROUND, *FLOOR_1, *FLOOR_3A)
TO_3B = (*TO_3A, *FLOOR_3B)
TO_3C = (*TO_3B, *FLOOR_3C)
TO_3D = (*TO_3C, *FLOOR_3D)

# Room: what it may import from the house besides itself. The longest name that fits a module decides.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "hub": (),
    "hub.model": (),
    "hub.inbound": ("hub.model",),
    "hub.errors": (),
    "hub.rule": FLOOR_0,
    "hub.flow": FLOOR_0,
    "hub.roster": FLOOR_0,
    "hub.lunar": (),
    "hub.bell": (),
    "hub.ids": FLOOR_0,
    "hub.clock": (),
    "hub.settings": GROUND,
    "hub.logs": GROUND,
    "hub.store": GROUND,
    "hub.bus": GROUND,
    "channels": GROUND,  # the table is text: it names the channels and imports none
    "channels.base": GROUND,
    "channels.split": (*GROUND, "channels.base"),  # it cuts at the contract's limits
    "nlp": GROUND,
    **dict.fromkeys(FLOOR_3A, TO_3A),
    **dict.fromkeys(FLOOR_3B, TO_3B),
    **dict.fromkeys(FLOOR_3C, TO_3C),
    **dict.fromkeys(FLOOR_3D, TO_3D),
    "hub.worker": TO_3D,
    "inbox_web": ("hub", "channels.base"),
    "inbox_web.build_web": (),
    "hub.embedded": ("hub", "channels", "nlp", "inbox_web"),
    "hub.commands": ("hub", "channels", "nlp", "inbox_web"),
    "hub.__main__": ("hub", "channels", "nlp", "inbox_web"),
}
TOP_FLOOR = ("hub.commands", "hub.__main__", "hub.embedded")
CHANNEL_MAY = (*GROUND, "channels.base", "channels.split")
DRIVERS = ("motor", "gridfs")
DRIVER_ROOMS = ("hub.store",)


def modules() -> list[Path]:
    found = (path for package in PACKAGES for path in sorted((TOP / package).rglob("*.py")))
    return [path for path in found if "node_modules" not in path.parts]


def name_of(path: Path) -> str:
    parts = path.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(room + ".") for room in rooms)


def room_of(module: str) -> tuple[str, tuple[str, ...]]:
    """A module's room, and what that may import."""
    parts = module.split(".")
    if parts[0] == "channels" and len(parts) > 1 and (TOP / "channels" / parts[1]).is_dir():
        return f"channels.{parts[1]}", CHANNEL_MAY
    room = max((room for room in MAY_IMPORT if within(module, (room,))), key=len)
    return room, MAY_IMPORT[room]


def objections(path: Path) -> Iterator[str]:
    module = name_of(path)
    room, may = room_of(module)
    for line, target in imports(path):
        where = f"{path.relative_to(TOP)}:{line}: {room} may not import {target}"
        if within(target, DRIVERS) and not within(module, DRIVER_ROOMS):
            yield f"{where}: the database's driver stands behind hub/store alone"
        if not within(target, PACKAGES) or within(target, (room,)):
            continue
        if within(target, TOP_FLOOR) and not within(module, TOP_FLOOR):
            yield f"{where}: the top floor is imported by nothing"
        elif not within(target, may):
            yield f"{where}: imports go downwards only; it may: {', '.join(may) or 'nothing of the house'}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_room_imports_only_from_the_floors_below(path: Path) -> None:
    assert list(objections(path)) == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_every_python_file_in_the_house_has_a_floor(path: Path) -> None:
    """A new file directly under `hub/` has to be given its floor here."""
    room, _ = room_of(name_of(path))
    assert room != "hub" or path.name == "__init__.py", f"{name_of(path)} stands on no floor: add it to MAY_IMPORT"


def test_an_import_inside_a_function_counts_too(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("def f():\n    from hub.arrivals import door\n", "utf-8")
    assert list(imports(tmp_path / "x.py")) == [(2, "hub.arrivals.door")]


def test_no_room_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services", "managers"}
    named = [part for path in modules() for part in (path.stem, *path.relative_to(TOP).parts[:-1]) if part in drawers]
    assert named == []


def test_every_folder_of_the_house_has_a_readme_at_its_door() -> None:
    folders = {path.parent for path in modules()} | {TOP / "tests", TOP / "inbox_web"}
    assert sorted(str(folder.relative_to(TOP)) for folder in folders if not (folder / "README.md").is_file()) == []
