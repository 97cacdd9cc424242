"""The two commands on a copy of the checkout, with a PATH that holds only what a test puts there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ("awk", "cat", "cmp", "dirname", "env", "id", "sh", "uname")
PROGRAM = '''"""Says how it was started."""

import json
import os
import sys

if __name__ == "__main__":
    print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "prefix": sys.prefix}))
    sys.exit(2)
'''

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")


class Machine:
    """A checkout whose locks are empty, so that an installation needs no network, and its PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "收银 台"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        shutil.copytree(ROOT / "installer", self.root / "installer")
        shutil.copy(ROOT / ".gitignore", self.root)
        for lock in ("requirements.txt", "requirements-test.txt"):
            (self.root / "installer" / lock).write_text("# nothing\n")
        (self.root / "console").mkdir()
        (self.root / "console" / "__init__.py").touch()
        (self.root / "console" / "__main__.py").write_text(PROGRAM)
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or "/missing")
        self.answer("python3", f'exec "{getattr(sys, "_base_executable")}" "$@"')  # noqa: B009 - not in the stubs
        self.calls.touch()

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def answer(self, program: str, script: str) -> None:
        """Puts a program on the PATH that notes its call and runs `script`."""
        path = self.bin / program
        path.unlink(missing_ok=True)
        path.write_text(f'#!/bin/sh\necho "{program} $*" >>"{self.calls}"\n{script}\n')
        path.chmod(0o755)

    def start(
        self, command: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["sh", self.root / "installer" / command, *arguments],
            cwd=self.bin.parent,
            env={"PATH": str(self.bin), "HOME": "", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, command: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        with self.start(command, *arguments, environment=environment) as process:
            output, errors = process.communicate(timeout=150)
        return process.returncode, output, errors

    def pretend_installed(self, kind: str, python: str) -> None:
        """An environment that counts as complete, with `python` as the script of its interpreter."""
        lock = {"run": "requirements.txt", "test": "requirements-test.txt"}[kind]
        self.venv.mkdir()
        (self.venv / "bin").mkdir()
        (self.venv / f"tillkeeper-{kind}.packages").touch()
        stamp = os.fsencode(self.root) + b"\n" + (self.root / "installer" / lock).read_bytes()
        (self.venv / f"tillkeeper-{kind}.stamp").write_bytes(stamp)
        for name in ("python", "lint-imports"):
            self.answer(name, python)
            (self.bin / name).rename(self.venv / "bin" / name)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_run_builds_and_the_second_starts_at_once(machine: Machine) -> None:
    code, output, errors = machine.run("run.sh", "check", "--only", "a b")
    assert code == 2, errors
    assert json.loads(output) == {
        "arguments": ["check", "--only", "a b"],
        "folder": str(machine.bin.parent),
        "prefix": str(machine.venv),
    }
    assert "requirements.txt" in errors
    assert "python3" in machine.calls.read_text()

    machine.calls.write_text("")
    began = time.monotonic()
    code, output, errors = machine.run("run.sh", "again")
    assert time.monotonic() - began < 2
    assert (code, json.loads(output)["arguments"], errors) == (2, ["again"], "")
    assert machine.calls.read_text() == ""

    (machine.venv / "kept").touch()
    assert "No module named pytest" in machine.run("test.sh", "tests")[2]
    assert (machine.venv / "kept").exists(), "tests are added to the environment, not built beside it"
    assert machine.run("run.sh")[0] == 2

    command = subprocess.run(
        [machine.venv / "bin" / "tillkeeper", "plan"], cwd="/", capture_output=True, text=True, timeout=20
    )
    assert json.loads(command.stdout)["arguments"] == ["plan"]
    git = ["git", "-C", str(machine.root)]
    subprocess.run([*git, "init", "--quiet"], check=True, timeout=20)
    subprocess.run([*git, "add", "console", "installer", ".gitignore"], check=True, timeout=20)
    status = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, timeout=20)
    assert "?? " not in status.stdout


def test_two_runs_at_once_mend_a_half_finished_environment(machine: Machine) -> None:
    (machine.venv / "bin").mkdir(parents=True)
    (machine.venv / "pyvenv.cfg").touch()
    (machine.venv / "half").touch()
    with machine.start("run.sh", "one") as one, machine.start("run.sh", "two") as two:
        outputs = [process.communicate(timeout=150) for process in (one, two)]
    assert [json.loads(output)["arguments"] for output, _ in outputs] == [["one"], ["two"]]
    assert sum("installing the packages" in errors for _, errors in outputs) == 1
    assert not (machine.venv / "half").exists()


def test_a_folder_that_is_no_environment_is_left_alone(machine: Machine) -> None:
    precious = machine.root / "precious.txt"
    precious.touch()
    code, output, errors = machine.run("run.sh", environment={"TILLKEEPER_VENV": str(machine.root)})
    assert (code, output) == (1, "")
    assert f"{machine.root} is not a virtual environment" in errors
    assert precious.exists()


def test_a_changed_lock_or_another_checkout_makes_the_environment_stale(machine: Machine) -> None:
    machine.pretend_installed("run", "exit 7")
    machine.answer("python3", "exit 1")
    assert machine.run("run.sh")[0] == 7
    stamp = machine.venv / "tillkeeper-run.stamp"
    stamp.write_bytes(stamp.read_bytes().replace("收银 台".encode(), b"elsewhere"))
    assert machine.run("run.sh")[0] == 1
    stamp.write_bytes(stamp.read_bytes().replace(b"elsewhere", "收银 台".encode()))
    assert machine.run("run.sh")[0] == 7
    (machine.root / "installer" / "requirements.txt").write_text("# something else\n")
    assert machine.run("run.sh")[0] == 1


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo 'CPython 3.9 /usr/bin/python3.9'", "python3 is CPython 3.9"),
        ("echo 'PyPy 3.11 /opt/pypy/bin/pypy3'", "python3 is PyPy 3.11"),
        ("exit 127", "none"),
    ],
)
def test_without_a_fitting_python_one_line_says_what_was_found(
    machine: Machine, script: str, found: str
) -> None:
    machine.answer("python3", script)
    code, output, errors = machine.run("run.sh")
    assert (code, output) == (1, "")
    assert errors == (
        f"tillkeeper: Python 3.11, 3.12 or 3.13 is needed; found: {found}. Install one of them "
        "(Debian, Ubuntu: apt-get install python3 python3-venv), then start again.\n"
    )


def test_a_bare_debian_gets_its_python(machine: Machine) -> None:
    machine.answer("python3", "exit 127")
    machine.answer("dpkg-query", "echo 'ii , awk, ,'")
    machine.answer("id", "echo 0")
    machine.answer("apt-get", "exit 0")
    assert machine.run("run.sh")[0] == 1
    assert calls_of(machine, "apt-get")[0].endswith(" install --no-install-recommends python3 python3-venv")


def calls_of(machine: Machine, program: str) -> list[str]:
    return [line.rstrip() for line in machine.calls.read_text().splitlines() if line.startswith(program)]


def all_installed_but(*missing: str) -> str:
    """A dpkg-query that knows the window's packages, one of them under its newer name."""
    text = (ROOT / "installer" / "setup.sh").read_text(encoding="utf-8")
    packages = text.split("run_packages='")[1].split("'")[0].split()
    rows = [f"ii , {name}, ," for name in packages if name not in (*missing, "libglib2.0-0")]
    rows += [
        "ii , libglib2.0-0t64, libglib2.0-0 (= 2.80.0), libother,",
        *(f"rc , {name}, ," for name in missing),
    ]
    return "\n".join(f"echo '{row}'" for row in rows)


def stale(machine: Machine) -> Machine:
    """A machine on which the set-up must work, but ends before it installs: its venv is precious."""
    machine.venv.mkdir()
    (machine.venv / "precious").touch()
    return machine


def test_root_gets_only_the_missing_packages_and_apt_is_refreshed_once(machine: Machine) -> None:
    stale(machine)
    machine.answer("dpkg-query", all_installed_but("libegl1", "libxcb-cursor0"))
    machine.answer("id", "echo 0")
    machine.answer("apt-get", "exit 100")
    machine.run("run.sh")
    installing, refreshing = calls_of(machine, "apt-get")
    assert installing.endswith(" install --no-install-recommends libegl1 libxcb-cursor0")
    assert refreshing.endswith(" update")


def test_nothing_is_installed_where_nothing_is_missing(machine: Machine) -> None:
    stale(machine)
    machine.answer("dpkg-query", all_installed_but())
    machine.answer("id", "echo 0")
    machine.answer("apt-get", "exit 0")
    machine.run("run.sh")
    assert calls_of(machine, "dpkg-query")
    assert calls_of(machine, "apt-get") == []


def test_who_may_not_install_is_told_what_to_type_and_the_program_runs(machine: Machine) -> None:
    machine.pretend_installed("run", "exit 7")
    marker = machine.venv / "tillkeeper-run.packages"
    marker.unlink()
    machine.answer("dpkg-query", all_installed_but("libegl1"))
    machine.answer("id", "echo 1000")
    machine.answer("apt-get", "exit 0")
    code, output, errors = machine.run("run.sh")
    assert (code, output) == (7, "")
    assert "sudo apt-get install --no-install-recommends libegl1" in errors
    assert calls_of(machine, "apt-get") == []
    assert not marker.exists()

    machine.answer("dpkg-query", all_installed_but())
    assert machine.run("run.sh") == (7, "", "")
    assert marker.exists()


@pytest.mark.parametrize(
    ("environment", "started"),
    [
        ({}, "python -P -m console check --demo"),
        ({"DISPLAY": ":9"}, "python -P -m console"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "python -P -m console"),
    ],
)
def test_without_a_screen_the_demo_is_checked(
    machine: Machine, environment: dict[str, str], started: str
) -> None:
    machine.pretend_installed("run", "exit 0")
    machine.answer("uname", "echo Linux")
    machine.run("run.sh", environment=environment)
    assert calls_of(machine, "python") == [started]


def test_the_test_command_stops_at_the_first_failure_and_names_it(machine: Machine) -> None:
    machine.pretend_installed("test", "case $* in *mypy*) echo bad type; exit 3 ;; esac")
    code, output, errors = machine.run("test.sh")
    assert code == 3
    assert "bad type" in output
    assert errors.splitlines()[-1] == "test.sh: stopped at: types"
    assert [call.split()[2] for call in calls_of(machine, "python")] == ["ruff", "ruff", "mypy"]


def test_the_test_command_does_all_its_steps_in_order(machine: Machine) -> None:
    machine.pretend_installed("test", 'echo "closing line of $*"')
    code, output, _ = machine.run("test.sh")
    assert code == 0
    assert [line[5:] for line in output.splitlines() if line.startswith("==== ")] == [
        "lint",
        "format",
        "types",
        "import contracts",
        "tests",
    ]
    assert output.splitlines()[-1] == "closing line of -m pytest -n 2"


def test_arguments_go_to_pytest_alone(machine: Machine) -> None:
    machine.pretend_installed("test", "exit 5")
    assert machine.run("test.sh", "tests/unit", "-k", "a b")[0] == 5
    assert calls_of(machine, "python") == ["python -m pytest tests/unit -k a b"]


def test_bench_measures_under_a_screen_of_its_own(machine: Machine) -> None:
    machine.pretend_installed("test", "exit 0")
    machine.answer("xvfb-run", 'shift; shift; exec "$@"')
    machine.run("test.sh", "bench", "-x")
    assert calls_of(machine, "xvfb-run")
    assert calls_of(machine, "python") == ["python -m pytest -m bench --benchmark-enable tests/bench -x"]


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_the_scripts_are_sound() -> None:
    scripts = [*sorted((ROOT / "installer").glob("*.sh")), ROOT / ".ci" / "run"]
    result = subprocess.run(
        ["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True, timeout=50
    )
    assert result.stdout == ""
    assert result.returncode == 0
