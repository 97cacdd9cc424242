"""The lock files: everything pinned by hash, nothing that names where a package comes from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
RUN = ROOT / "installer" / "requirements.txt"
TEST = ROOT / "installer" / "requirements-test.txt"


def entries(lock: Path) -> dict[str, tuple[str, list[str]]]:
    """Package name → its version and its hashes."""
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: dict[str, tuple[str, list[str]]] = {}
    for line in text.replace("\\\n", " ").splitlines():
        match = re.fullmatch(r"([\w.-]+)==(\S+)( ; [^\\]+?)?((?: +--hash=sha256:[0-9a-f]{64})*)\s*", line)
        assert match, f"not a pinned package: {line}"
        found[canonicalize_name(match[1])] = (match[2], match[4].split())
    return found


@pytest.mark.parametrize("lock", [RUN, TEST], ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_hash_and_none_names_a_host(lock: Path) -> None:
    assert [name for name, (_, hashes) in entries(lock).items() if not hashes] == []
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", [RUN, TEST], ids=lambda lock: lock.name)
def test_the_lock_fits_what_the_project_asks_for(lock: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + (project["optional-dependencies"]["test"] if lock == TEST else [])
    locked = entries(lock)
    for requirement in map(Requirement, asked):
        version, _ = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement}, locked {version}"


def test_tests_run_on_the_packages_that_people_run() -> None:
    assert entries(RUN).items() <= entries(TEST).items()
