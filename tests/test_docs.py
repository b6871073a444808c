"""What is not documented does not exist: settings, commands and make targets stand in the README."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.__main__ import COMMANDS
from hub.commands.settings import markdown
from hub.settings import declarations, show

TOP = Path(__file__).parent.parent
README = TOP / "README.md"
PAPERS = ("README.md", "ARCHITECTURE.md", "DECISIONS.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE")


def papers_under(folder: Path) -> Iterator[Path]:
    """Ours; what was installed or built has tens of thousands of files, and is not even looked through."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in {"node_modules", ".venv", "dist", "data"}]
        yield from (Path(place) / name for name in files if name.endswith(".md"))


@pytest.mark.parametrize("name", [declared.name for _, declared in declarations()])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README.read_text("utf-8"), f"{name} is missing: paste what `hub settings --markdown` prints"


def test_the_readmes_table_is_the_one_that_the_settings_print() -> None:
    table = markdown(show({}, Path("no such file")))
    missing = [row for row in table.splitlines() if row not in README.read_text("utf-8").splitlines()]
    assert missing == []


@pytest.mark.parametrize("target", ["run", "test", "check"])
def test_the_make_targets_that_a_newcomer_needs_are_in_the_readme(target: str) -> None:
    assert f"make {target}" in README.read_text("utf-8")


@pytest.mark.parametrize("paper", PAPERS)
def test_the_papers_are_there(paper: str) -> None:
    assert (TOP / paper).is_file()


def test_every_link_between_the_papers_leads_somewhere() -> None:
    links = [
        (paper, link.partition("#")[0])
        for paper in papers_under(TOP)
        for link in re.findall(r"\]\(([^)\s]+)\)", paper.read_text("utf-8"))
        if "://" not in link and not link.startswith(("#", "mailto:"))
    ]
    assert [f"{paper.relative_to(TOP)}: {link}" for paper, link in links if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_overview_is_there(name: str) -> None:
    module, _ = COMMANDS[name]
    assert (TOP / Path(*module.split("."))).with_suffix(".py").is_file()
