"""Three computers in namespaces: P the till, G the shop's router, S the backend; made and removed here."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.lab.certificates import write_all

HERE = Path(__file__).resolve().parent
TILL, ROUTER, OUTSIDE, SERVER = "10.77.1.50", "10.77.1.1", "203.0.113.1", "203.0.113.7"
NOBODY = "203.0.113.99"
NAMES = {"pos.example": SERVER, "old.example": NOBODY, "lured.example": ROUTER}
PORTS = {
    8443: "good", 8444: "expired", 8445: "wrong_host", 8446: "self_signed", 8447: "ssh", 8448: "future",
    8449: "stranger", 8450: "incomplete", 8451: "plain", 9443: "good",
}  # fmt: skip

# Everything that a case may have changed, put back; each line may find nothing to do.
_SOUND = f"""
    -n P link set p0 up
    -n P addr flush dev p0
    -n P addr add {TILL}/24 dev p0
    -n G link set g0 up
    -n G addr flush dev g0
    -n G addr add {ROUTER}/24 dev g0
    -n G link set g1 up
    -n P route replace default via {ROUTER} dev p0
    -n P neigh flush dev p0
    -n G neigh flush all
"""
_BUILT = f"""
    link add p0 netns P type veth peer name g0 netns G
    link add g1 netns G type veth peer name s0 netns S
    -n P link set lo up
    -n G link set lo up
    -n S link set lo up
    -n S link set s0 up
    -n S addr add {SERVER}/24 dev s0
    -n G addr add {OUTSIDE}/24 dev g1
    -n S route add default via {OUTSIDE} dev s0
    -n S link set s0 gso_max_segs 1
    -n P link set p0 gso_max_segs 1
"""


_numbers = itertools.count()


class Town:
    """The three namespaces with a name server on G and a backend on S, all sound."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.spaces = {name: f"till-lab-{os.getpid()}-{number}-{name}" for name in "PGS"}
        self._processes: list[subprocess.Popen[str]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="till-lab-")
        self.folder = Path(self._folder.name)
        self.trusted = write_all(self.folder, "pos.example", SERVER)

    def __enter__(self) -> Self:
        try:
            for space in self.spaces.values():
                run("ip", "netns", "add", space)
            for line in _BUILT.split("\n"):
                self.ip(line)
            # A router that rations its complaints would answer every second case with silence.
            self.inside("G", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0")
            self.restore()
            zone = [f"--address=/{name}/{address}" for name, address in NAMES.items()]
            quiet = ["--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file", "--user=root"]
            self.start("G", "dnsmasq", "--keep-in-foreground", "--local=/example/", *quiet, *zone)
            self.serve(PORTS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()
        for space in self.spaces.values():
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)
        self._folder.cleanup()

    def restore(self) -> None:
        """Mend whatever was broken."""
        for name in "PGS":
            self.inside(name, "nft", "flush", "ruleset")
        for line in _SOUND.split("\n"):
            self.ip(line)

    def ip(self, line: str) -> None:
        """An `ip` command in which P, G and S stand for the namespaces."""
        words = [self.spaces.get(word, word) for word in line.split()]
        if words:
            run("ip", *words)

    def filter(self, name: str, hook: str, rule: str) -> None:
        """Add one nftables rule to a hook of a namespace."""
        text = f"table inet lab {{\nchain c {{\ntype filter hook {hook} priority 0;\n{rule}\n}}\n}}\n"
        run("ip", "netns", "exec", self.spaces[name], "nft", "-f", "-", told=text)

    def inside(self, name: str, *command: str) -> str:
        """What a command prints inside a namespace."""
        return run("ip", "netns", "exec", self.spaces[name], *command)

    def start(self, name: str, *command: str) -> subprocess.Popen[str]:
        """A process inside a namespace; it ends with the town."""
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.spaces[name], *command], stdout=subprocess.PIPE, text=True
        )
        self._processes.append(process)
        return process

    def serve(self, ports: Mapping[int, str]) -> subprocess.Popen[str]:
        """A backend process on S with these ports, listening when this returns."""
        told = [f"{port}={kind}" for port, kind in ports.items()]
        process = self.start("S", sys.executable, str(HERE / "server.py"), str(self.folder), *told)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def stop(self, process: subprocess.Popen[str]) -> None:
        """End one process for good."""
        process.kill()
        process.communicate()
        self._processes.remove(process)

    def examine(self, backends: Sequence[Mapping[str, Any]], network: Mapping[str, Any]) -> dict[str, Any]:
        """The findings of a till at P with these backends, by subject."""
        told = {"network": dict(network), "backend": [dict(each) for each in backends]}
        printed = run(
            "ip",
            "netns",
            "exec",
            self.spaces["P"],
            sys.executable,
            str(HERE / "examine.py"),
            told=json.dumps(told),
        )
        findings: dict[str, Any] = json.loads(printed)
        return findings


def run(*command: str, told: str | None = None) -> str:
    """What a command prints; AssertionError with its complaint when it fails."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        command, input=told, capture_output=True, text=True, timeout=30, check=False, env=environment
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout
