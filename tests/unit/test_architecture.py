"""The import contracts bite: each wrong import breaks the contract that forbids it, and no other."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

FLOORS = "Imports run downward only, and every package has its floor"
WINDOW = "The window knows services alone"
QT = "Qt appears in ui and app alone"
CODECS = "Simulators never share the drivers' codecs"
DOMAIN = "The domain stands on the standard library alone"


def broken_contracts(checkout: Path) -> set[str]:
    """The names of the contracts that lint-imports reports as broken."""
    result = subprocess.run(
        [LINTER, "--no-logo", "--no-cache"], cwd=checkout, capture_output=True, text=True, timeout=50
    )
    assert "Contracts: " in result.stdout, result.stdout + result.stderr
    broken = set(re.findall(r"^(.+?) BROKEN", result.stdout, re.MULTILINE))
    assert (result.returncode == 0) == (not broken)
    return broken


@pytest.mark.parametrize(
    ("place", "line", "contracts"),
    [
        ("services/wrong.py", "import console.ui", {FLOORS}),
        ("probes/wrong.py", "from console import storage", {FLOORS}),
        ("newcomer.py", "import console.domain", {FLOORS}),
        ("ui/wrong.py", "import console.drivers", {WINDOW}),
        ("ui/wrong.py", "import console.platforms", {WINDOW}),
        ("services/wrong.py", "from PySide6.QtCore import QObject", {QT}),
        ("newcomer.py", "import qasync", {FLOORS, QT}),
        ("simulators/wrong.py", "import console.drivers.codecs", {FLOORS, CODECS}),
        ("domain/wrong.py", "import sqlalchemy", {DOMAIN}),
    ],
)
def test_a_wrong_import_breaks_its_contract(
    tmp_path: Path, place: str, line: str, contracts: set[str]
) -> None:
    shutil.copytree(ROOT / "console", tmp_path / "console", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "console" / place).write_text(f'"""Wrong."""\n\n{line}\n')
    assert broken_contracts(tmp_path) == contracts


def test_the_domain_imports_the_standard_library_alone() -> None:
    """The contract can only list packages by name; this holds for those that nobody listed."""
    modules = sorted((ROOT / "console" / "domain").rglob("*.py"))
    assert modules
    imported = {
        (module.name, name.split(".")[0])
        for module in modules
        for node in ast.walk(ast.parse(module.read_bytes()))
        for name in imported_names(node)
    }
    assert {pair for pair in imported if pair[1] not in sys.stdlib_module_names | {"console"}} == set()


def imported_names(node: ast.AST) -> list[str]:
    """The modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
