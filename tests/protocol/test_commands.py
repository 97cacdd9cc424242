"""The command line as a script uses it: simulators and checks, each a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import IO, Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals"),
]

ROOT = Path(__file__).resolve().parents[2]
TILLKEEPER = [sys.executable, "-P", "-m", "console"]
COMMANDS = (
    "check",
    "selftest",
    "recover",
    "replay",
    "discover",
    "watch",
    "simulate",
    "plan",
    "support-bundle",
)
LEVELS = ("internal", "external", "interactive")
STORE = '[store]\nname = "人民路店"\nlanguage = "en"\n\n[network]\ngateway = "127.0.0.1"\n\n'


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "TILLKEEPER_HOME": str(home), "PYTHONPATH": str(ROOT)}


@dataclass
class Simulated:
    """A running `tillkeeper simulate`."""

    process: subprocess.Popen[str]
    first: dict[str, Any]
    answers: Queue[str]

    def tell(self, command: str) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.answers.get(timeout=10))
        return answer


def simulate(stack: ExitStack, home: Path, *arguments: str) -> Simulated:
    process = subprocess.Popen(
        [*TILLKEEPER, "simulate", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment(home),
    )  # fmt: skip
    stack.callback(stop, process)
    lines: Queue[str] = Queue()
    assert process.stdout
    threading.Thread(target=pass_on, args=(process.stdout, lines), daemon=True).start()
    return Simulated(process, json.loads(lines.get(timeout=20)), lines)


def pass_on(out: IO[str], lines: Queue[str]) -> None:
    for line in out:
        lines.put(line)


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def tillkeeper(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TILLKEEPER, *arguments],
        capture_output=True, text=True, encoding="utf-8", timeout=50, env=environment(home), check=False,
    )  # fmt: skip


@dataclass
class Shop:
    """A store profile whose devices are processes."""

    home: Path
    profile: Path
    devices: dict[str, Simulated]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [*TILLKEEPER, *arguments, "--profile", str(self.profile)],
            capture_output=True, text=True, encoding="utf-8", timeout=55, env=environment(self.home),
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def check(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        code, out, _ = self.run("check", "--json", *arguments)
        document: dict[str, Any] = json.loads(out)
        return code, document


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    with ExitStack() as stack:
        devices = {
            "front": simulate(stack, folder / "home", "printer"),
            "kitchen": simulate(stack, folder / "home", "printer", "--at", "pty:"),
            "counter": simulate(stack, folder / "home", "scanner"),
            "orders": simulate(stack, folder / "home", "backend"),
        }
        profile = folder / "store.toml"
        entries = (
            device.first["profile"].replace('name = "simulated"', f'name = "{name}"')
            for name, device in devices.items()
        )
        profile.write_text(STORE + "\n".join(entries), encoding="utf-8")
        yield Shop(folder / "home", profile, devices)


def finding(document: dict[str, Any], subject: str) -> dict[str, Any]:
    (found,) = (each for each in document["findings"] if each["subject"] == subject)
    result: dict[str, Any] = found
    return result


def test_all_fine_is_exit_zero(shop: Shop) -> None:
    code, document = shop.check()
    assert {each["subject"]: each["light"] for each in document["findings"]} == {
        "printer:front": "ok", "printer:kitchen": "ok", "scanner:counter": "ok", "backend:orders": "ok",
        "network": "ok",
    }  # fmt: skip
    assert (code, document["overall"]) == (0, "ok")


def test_the_document_has_the_contract_s_shape(shop: Shop) -> None:
    _, document = shop.check()
    assert list(document) == ["schema", "store", "started", "seconds", "overall", "summary", "findings"]
    assert document["schema"] == "tillkeeper.check/1"
    for each in document["findings"]:
        assert list(each) == [
            "subject", "light", "cause", "candidates", "title", "advice", "distinguish", "blocked_by",
            "evidence",
        ]  # fmt: skip
        for piece in each["evidence"]:
            assert list(piece) == ["probe", "result", "meaning", "at", "seconds"]


FAULTS = {
    "paper_out": (2, "fault", "printer.paper_out"),
    "paper_low": (1, "attention", "printer.paper_low"),
    "cover_open": (2, "fault", "printer.cover_open"),
    "cutter_jam": (2, "fault", "printer.cutter_jam"),
    "cutter_stopped": (2, "fault", "printer.cutter_jam"),
    "head_hot": (2, "fault", "printer.head_hot"),
    "unrecoverable": (2, "fault", "printer.unrecoverable"),
    "offline": (2, "fault", "printer.offline"),
    "feed_pressed": (1, "attention", "printer.feed_pressed"),
    "drawer_open": (1, "attention", "printer.drawer_open"),
    "slow": (1, "attention", "printer.slow"),
    "mute": (3, "unknown", "printer.no_answer"),
    "write_only": (3, "unknown", "printer.no_answer"),
}


@pytest.mark.parametrize("device", ["front", "kitchen"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_printer_fault_gets_its_cause(shop: Shop, device: str, fault: str) -> None:
    code, light, cause = FAULTS[fault]
    assert shop.devices[device].tell(f"fault {fault} on")["ok"]
    try:
        exit_code, document = shop.check("--only", f"printer:{device}")
    finally:
        shop.devices[device].tell(f"fault {fault} off")
    found = finding(document, f"printer:{device}")
    assert (exit_code, found["light"], found["cause"]) == (code, light, cause)
    assert found["advice"]


def test_a_printer_that_stands_is_told_to_go_on_after_a_yes(shop: Shop) -> None:
    shop.devices["front"].tell("fault cutter_stopped on")
    try:
        _, told, _ = shop.run("check", "--only", "printer:front", "--lang", "en")
        assert "tillkeeper recover printer:front resume" in told
        code, out, error = shop.run("recover", "printer:front", "resume", "--lang", "en")
        assert (code, out) == (64, "")
        assert "may come out twice" in error
        assert "--yes" in error
        assert shop.check("--only", "printer:front")[0] == 2
        code, out, _ = shop.run("recover", "printer:front", "resume", "--yes", "--json")
    finally:
        shop.devices["front"].tell("fault cutter_stopped off")
    document = json.loads(out)
    assert (code, document["schema"], document["light"]) == (0, "tillkeeper.recover/1", "ok")
    code, _, error = shop.run("recover", "printer:front", "clear", "--yes", "--lang", "en")
    assert (code, error) == (64, "what the printer shows now calls for nothing of the kind\n")


def test_support_gets_lights_talk_and_logs_in_one_file(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "shop.zip"
    code, out, error = shop.run("support-bundle", str(path), "--lang", "en")
    assert (code, error) == (0, f"Saved to {path}\n")
    assert "What was said with " in out
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        lights = json.loads(archive.read("lights.json"))
        changes = json.loads(archive.read("changes.json"))
        archive.extract("recordings/printer-front.jsonl", tmp_path)
    assert {"readme.txt", "system.json", "store.toml", "logs/tillkeeper.log"} <= set(names)
    assert {each["subject"] for each in lights["findings"]} >= {"printer:front", "backend:orders", "network"}
    assert isinstance(changes, list)
    replayed = tillkeeper(shop.home, "replay", str(tmp_path / "recordings" / "printer-front.jsonl"))
    assert "10 04 01" in replayed.stdout
    assert shop.run("support-bundle", str(path))[0] == 64


def test_a_broken_profile_does_not_keep_support_from_its_file(shop: Shop, tmp_path: Path) -> None:
    profile = tmp_path / "store.toml"
    profile.write_text("[store\n", encoding="utf-8")
    done = tillkeeper(shop.home, "support-bundle", str(tmp_path / "x.zip"), "--profile", str(profile))
    assert done.returncode == 0
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.read("store.toml") == b"[store\n"
        assert json.loads(archive.read("system.json"))["profile_trouble"]


def test_watch_tells_each_change_at_once_and_ends_when_interrupted(shop: Shop, tmp_path: Path) -> None:
    front = shop.devices["front"]
    profile = tmp_path / "store.toml"
    entry = front.first["profile"].replace('name = "simulated"', 'name = "front"\nhold = true')
    profile.write_text(STORE + entry, encoding="utf-8")
    process = subprocess.Popen(
        [*TILLKEEPER, "watch", "--json", "--profile", str(profile)],
        stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment(shop.home),
    )  # fmt: skip
    lines: Queue[str] = Queue()
    assert process.stdout
    threading.Thread(target=pass_on, args=(process.stdout, lines), daemon=True).start()
    try:
        first = [json.loads(lines.get(timeout=30)) for _ in range(2)]
        assert {each["subject"]: (each["light"], each["previous"]) for each in first} == {
            "printer:front": ("ok", None),
            "network": ("ok", None),
        }
        front.tell("fault paper_out on")
        out = json.loads(lines.get(timeout=8))  # the next look would come after 15 s
        assert list(out) == ["at", "event", "subject", "light", "previous", "cause", "blocked_by"]
        told = ("event", "subject", "light", "previous", "cause")
        assert [out[key] for key in told] == ["light", "printer:front", "fault", "ok", "printer.paper_out"]
        front.tell("fault paper_out off")
        while (back := json.loads(lines.get(timeout=8)))["light"] != "ok":
            assert back["subject"] == "printer:front"
    finally:
        front.tell("fault paper_out off")
        stop(process)  # it would keep the printer's line from every test after this one


@pytest.mark.parametrize("fault", ["garbage", "half_reply", "drop_connection", "late_reply"])
def test_where_little_can_be_known_nothing_is_green(shop: Shop, fault: str) -> None:
    shop.devices["front"].tell(f"fault {fault} on")
    try:
        exit_code, document = shop.check("--only", "printer:front")
    finally:
        shop.devices["front"].tell(f"fault {fault} off")
    assert document["overall"] in ("unknown", "fault", "attention")
    assert exit_code != 0


@pytest.mark.parametrize(
    ("command", "undo", "cause"),
    [
        ("fault maintenance on", "fault maintenance off", "backend.maintenance"),
        ("status 401", "status 200", "auth.unauthorized"),
        ("fault expired on", "fault expired off", "tls.expired"),
        ("fault refused on", "fault refused off", "backend.refused"),
    ],
)
def test_backend_faults(shop: Shop, command: str, undo: str, cause: str) -> None:
    assert shop.devices["orders"].tell(command)["ok"]
    try:
        exit_code, document = shop.check("--only", "backend")
    finally:
        shop.devices["orders"].tell(undo)
    assert (exit_code, finding(document, "backend:orders")["cause"]) == (2, cause)


def test_a_silent_scanner_is_unknown(shop: Shop) -> None:
    shop.devices["counter"].tell("fault mute on")
    try:
        exit_code, document = shop.check("--only", "scanner:counter")
    finally:
        shop.devices["counter"].tell("fault mute off")
    assert (exit_code, finding(document, "scanner:counter")["cause"]) == (3, "scanner.no_answer")


def test_a_self_test_prints_and_proves_it(shop: Shop) -> None:
    code, out, _ = shop.run("selftest", "printer:front", "--level", "external", "--json")
    document = json.loads(out)
    assert list(document) == [
        "schema", "subject", "level", "passed", "grade", "grade_reason", "cause", "candidates", "advice",
        "identity", "counters", "print_head", "figures", "evidence", "seconds",
    ]  # fmt: skip
    assert (code, document["passed"], document["grade"]) == (0, True, "A")
    printed = shop.devices["front"].tell("text")
    assert "收银守护" in json.dumps(printed, ensure_ascii=False)


def test_a_scanner_self_test_reads_what_is_scanned(shop: Shop) -> None:
    command = ["selftest", "scanner:counter", "--level", "external", "--json", "--profile", str(shop.profile)]
    done = subprocess.Popen(
        [*TILLKEEPER, *command],
        stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment(shop.home),
    )  # fmt: skip
    while done.poll() is None:
        shop.devices["counter"].tell("scan 6901234567892")
        try:
            done.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
    out = done.communicate(timeout=20)[0]
    document = json.loads(out)
    # The code that was asked for is another one each time, and this is not it.
    assert (done.returncode, document["passed"], document["cause"]) == (2, False, "scanner.misread")


def test_people_get_sentences(shop: Shop) -> None:
    code, out, _ = shop.run("check")
    assert code == 0
    assert "Everything works" in out
    _, out, _ = shop.run("check", "--lang", "zh_CN")
    assert "一切正常" in out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["check", "--only", "printer:bar"], "printer:bar"),
        (["check", "--ony", "printer"], "--ony"),
        (["selftest", "printer:bar"], "printer:bar"),
        (["selftest", "printer:front", "--level", "deep"], "deep"),
        (["discover", "--lan", "192.168.1"], "192.168.1"),
        (["plan", "earthquake"], "earthquake"),
    ],
)
def test_bad_usage_is_one_line_and_64(shop: Shop, arguments: list[str], named: str) -> None:
    code, out, errors = shop.run(*arguments)
    assert code == 64
    assert out == ""
    assert named in errors
    assert len(errors.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "command", ["", "check", "selftest", "replay", "discover", "watch", "simulate", "plan"]
)
def test_the_help_speaks_the_language_that_was_asked_for(tmp_path: Path, command: str) -> None:
    chinese = tillkeeper(tmp_path, "--lang", "zh_CN", *command.split(), "--help")
    assert (chinese.returncode, chinese.stderr) == (0, "")
    assert f"用法：tillkeeper {command}".strip() in chinese.stdout
    # What remains beside options, choices and names that stay as they are must not be English.
    kept = r"support-bundle|-+[a-z-]+|\{.*?\}|[a-z]+://|pty:|usb:|\?baud=|protocol=|store\.toml|[Tt]illkeeper|printer.*terminal"
    words = re.sub(kept, "", chinese.stdout, flags=re.DOTALL)
    known = {*COMMANDS, *LEVELS}
    assert [each for each in re.findall("[a-z]{2,}", words) if each not in known] == []
    english = tillkeeper(tmp_path, *command.split(), "--help", "--lang=en")
    assert f"usage: tillkeeper {command}".strip() in english.stdout
    assert re.search("[\u4e00-\u9fff]", english.stdout.replace("收银守护", "")) is None


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (["check", "--ony"], "不认识的参数：--ony", "unrecognized arguments: --ony"),
        (["chekc"], "没有 'chekc' 这个选择", "invalid choice: 'chekc'"),
        (["selftest"], "缺少必需的参数：KIND:NAME", "arguments are required: KIND:NAME"),
        (["discover", "--lan"], "需要一个值", "expected one argument"),
        (["check", "--json=3"], "不接受值 '3'", "ignored explicit argument '3'"),
        (["check", "--demo", "--profile", "x"], "不能与 --demo 同时使用", "not allowed with argument --demo"),
        (["--demo", "check", "--profile", "x"], "不能同时使用", "exclude each other"),
    ],
)
def test_bad_usage_is_told_in_the_language_that_was_asked_for(
    tmp_path: Path, arguments: list[str], chinese: str, english: str
) -> None:
    for language, told in (("zh_CN", chinese), ("en", english)):
        done = tillkeeper(tmp_path, "--lang", language, *arguments)
        assert (done.returncode, done.stdout) == (64, "")
        assert told in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("system", "told"), [("en_GB.UTF-8", "choose from"), ("zh_CN.UTF-8", "可选")])
def test_without_a_language_bad_usage_follows_the_system(tmp_path: Path, system: str, told: str) -> None:
    done = subprocess.run(
        [*TILLKEEPER, "check", "--lang", "fr"],
        capture_output=True, text=True, encoding="utf-8", timeout=50, check=False,
        env={**environment(tmp_path), "LC_ALL": system, "LANGUAGE": "fr"},
    )  # fmt: skip
    assert done.returncode == 64
    assert told in done.stderr


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[store]\nname = "x"\n[[printer]]\nname="a"\nadress = "tcp://h"\n', ["line 5", "adress", "address"]),
        ('[store]\nname = "x"\n[[printer]]\nname="a"\naddress = "tpc:/h"\n', ["line 5", "tpc:/h", "tcp:"]),
        ('[store]\nname = 7\n', ["line 2", "7"]),
        ('[store]\nname = "x\n', ["line 2"]),
    ],
)  # fmt: skip
def test_a_bad_profile_is_one_line_and_64(tmp_path: Path, text: str, parts: list[str]) -> None:
    (tmp_path / "store.toml").write_text(text, encoding="utf-8")
    shop = Shop(tmp_path / "home", tmp_path / "store.toml", {})
    code, out, errors = shop.run("check", "--json", "--lang", "en")
    assert (code, out) == (64, "")
    assert len(errors.strip().splitlines()) == 1
    assert "store.toml" in errors
    for part in parts:
        assert part in errors


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    code, _, errors = Shop(tmp_path / "home", tmp_path / "none.toml", {}).run("check")
    assert code == 64
    assert "none.toml" in errors


def test_a_check_works_while_nothing_can_be_kept(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = Shop(tmp_path / "file" / "home", shop.profile, {})
    code, out, errors = blocked.run("check", "--only", "printer:front", "--json")
    assert (code, json.loads(out)["overall"]) == (0, "ok")
    assert str(tmp_path / "file") in errors


def test_discover_finds_the_network_printer(tmp_path: Path) -> None:
    with ExitStack() as stack:
        printer = simulate(stack, tmp_path, "printer", "--at", "tcp://127.0.0.77:9100")
        done = subprocess.run(
            [*TILLKEEPER, "discover", "--lan", "127.0.0.76/30", "--json", "--demo"],
            capture_output=True, text=True, encoding="utf-8", timeout=50, env=environment(tmp_path),
        )  # fmt: skip
        document = json.loads(done.stdout)
    (found,) = (each for each in document["found"] if each["address"] == printer.first["address"])
    assert found["kind"] == "printer"
    assert found["sure"] == "probed"
    assert "[[printer]]" in found["entry"]


@pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code"), [("n", 3), ("y", 0)])
def test_a_person_is_asked_before_a_wide_search(tmp_path: Path, answer: str, code: int) -> None:
    person, terminal = os.openpty()
    with os.fdopen(person, "wb", buffering=0) as typed, os.fdopen(terminal, "rb", buffering=0) as stdin:
        typed.write(f"{answer}\n".encode())
        done = subprocess.run(
            [*TILLKEEPER, "discover", "--lang", "en", "--lan", "127.0.0.0/23"],
            stdin=stdin, capture_output=True, text=True, timeout=50, env=environment(tmp_path),
        )  # fmt: skip
    assert done.returncode == code
    assert "512 addresses" in done.stderr


def test_options_may_stand_before_the_command(shop: Shop) -> None:
    done = tillkeeper(
        shop.home, "--profile", str(shop.profile), "--lang", "zh_CN", "check", "--only", "printer:front"
    )
    assert done.returncode == 0
    assert "检查的都正常" in done.stdout


def test_a_demo_and_a_profile_exclude_each_other(shop: Shop) -> None:
    done = tillkeeper(shop.home, "--profile", str(shop.profile), "check", "--demo")
    assert done.returncode == 64
    assert "--profile" in done.stderr


def test_devices_are_found_before_there_is_a_profile(tmp_path: Path) -> None:
    done = tillkeeper(tmp_path, "discover", "--lan", "127.0.0.76/30", "--json")
    assert done.returncode == 0
    assert isinstance(json.loads(done.stdout)["found"], list)


def test_the_window_s_language_is_not_a_script_s(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"language": "zh_CN", "theme": "nope"}', encoding="utf-8")
    done = tillkeeper(tmp_path, "check", "--profile", str(shop.profile), "--only", "printer:front")
    assert "What was checked works" in done.stdout


def test_a_scanner_test_says_which_code_it_waits_for(shop: Shop) -> None:
    arguments = [
        "selftest",
        "scanner:counter",
        "--level",
        "external",
        "--json",
        "--profile",
        str(shop.profile),
    ]
    with subprocess.Popen(
        [*TILLKEEPER, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", env=environment(shop.home),
    ) as process:  # fmt: skip
        assert process.stderr
        asked = next(line for line in process.stderr if "TK" in line)
        code = next(word for word in asked.split() if word.startswith("TK"))
        shop.devices["counter"].tell(f"scan {code}")
        assert process.wait(20) == 0
        assert process.stdout
        assert json.loads(process.stdout.read())["passed"] is True


@dataclass
class Offline:
    """A store whose name server is silent, so that advice speaks of restarting the till; where sales lie."""

    home: Path
    profile: Path
    sales: Path
    dns: str

    def advice(self, language: str) -> list[str]:
        arguments = ["check", "--only", "network", "--json", "--lang", language]
        done = tillkeeper(self.home, *arguments, "--profile", str(self.profile))
        found = finding(json.loads(done.stdout), "network")
        assert found["cause"] == "dns.no_answer"
        steps: list[str] = found["advice"]
        return steps

    def write(self, setting: str) -> None:
        profile = STORE.replace("[network]\n", f'[network]\ndns = "{self.dns}"\n{setting}')
        backend = '[[backend]]\nname = "orders"\nurl = "https://pos.example.com/"\n'
        self.profile.write_text(profile + backend, encoding="utf-8")


@pytest.fixture
def offline(tmp_path: Path) -> Iterator[Offline]:
    with ExitStack() as stack:
        server = simulate(stack, tmp_path / "home", "dns", "--fault", "server_failure")
        store = Offline(
            tmp_path / "home", tmp_path / "store.toml", tmp_path / "sales", server.first["address"]
        )
        store.sales.mkdir()
        store.write(f'sync_pending = {{ path = "{store.sales}", pattern = "*.pending" }}\n')
        yield store


def test_unsynced_sales_are_told_before_advice_to_restart(offline: Offline) -> None:
    for name in ("1.pending", "2.pending", "3.done"):
        (offline.sales / name).touch()
    os.utime(offline.sales / "1.pending", (1_700_000_000, 1_700_000_000))
    steps = offline.advice("en")
    (place,) = (place for place, step in enumerate(steps) if "2 files of sales wait to be uploaded" in step)
    assert "since Nov 15, 06:13: do not restart" in steps[place]
    assert "restart the till while unsynced" in steps[place + 1]
    assert any("有 2 个销售文件等待上传" in step for step in offline.advice("zh_CN"))
    told = tillkeeper(offline.home, "check", "--only", "network", "--profile", str(offline.profile))
    assert steps[place] in told.stdout
    plan = tillkeeper(offline.home, "plan", "slow", "--lang", "en", "--profile", str(offline.profile)).stdout
    assert plan.index(steps[place]) < plan.index("Restart the till program")


def test_a_folder_of_sales_that_cannot_be_read_means_do_not_restart(offline: Offline) -> None:
    offline.sales.rmdir()
    (told,) = (step for step in offline.advice("en") if str(offline.sales) in step)
    assert "do not restart the till until somebody knows" in told


def test_without_the_setting_nothing_is_claimed_about_sales(offline: Offline) -> None:
    with_it = offline.advice("en")
    offline.write("")
    assert [step for step in with_it if step not in offline.advice("en")] == [
        "No file of sales waits to be uploaded"
    ]


def test_a_scanner_that_types_is_not_tested_here(shop: Shop, tmp_path: Path) -> None:
    profile = tmp_path / "store.toml"
    profile.write_text(STORE + '[[scanner]]\nname = "hand"\naddress = "keyboard:"\n', encoding="utf-8")
    arguments = ["selftest", "scanner:hand", "--level", "external", "--profile", str(profile)]
    assert tillkeeper(shop.home, *arguments).returncode == 64


def test_a_request_to_end_leaves_nothing_behind(shop: Shop, tmp_path: Path) -> None:
    shop.devices["front"].tell("fault mute on")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [*TILLKEEPER, "selftest", "scanner:counter", "--level", "external", "--demo", "--lang", "en"],
        stderr=subprocess.PIPE, text=True, env={**environment(tmp_path), "TMPDIR": str(temporary)},
    )  # fmt: skip
    assert process.stderr
    next(line for line in process.stderr if "TK" in line)
    assert list(temporary.glob("tillkeeper-demo-*"))
    process.terminate()
    process.stderr.close()
    assert process.wait(20) == 143
    shop.devices["front"].tell("fault mute off")
    assert list(temporary.iterdir()) == []


def test_an_address_that_is_taken_is_one_line(shop: Shop) -> None:
    done = tillkeeper(shop.home, "simulate", "printer", "--at", shop.devices["front"].first["address"])
    assert done.returncode == 64
    assert len(done.stderr.strip().splitlines()) == 1


COMMANDS_THAT_TELL = [
    "check --only printer:front",
    "check --only printer:front --json",
    "selftest printer:front",
    "discover --json",
    "plan",
    "--help",
    "check --help",
    "--version",
]


@pytest.mark.parametrize("command", COMMANDS_THAT_TELL)
@pytest.mark.parametrize(("where", "told"), [(">/dev/full", "No space left"), (">&-", "is closed")])
def test_an_answer_that_cannot_be_written_is_one_line_and_70(
    shop: Shop, command: str, where: str, told: str
) -> None:
    program = f"exec {sys.executable} -P -m console --lang en --profile {shop.profile} {command} {where}"
    done = subprocess.run(
        ["sh", "-c", program],
        env=environment(shop.home), stderr=subprocess.PIPE, text=True, timeout=50, check=False,
    )  # fmt: skip
    *before, line = done.stderr.splitlines()
    assert told in line
    # A self-test says aloud what it is doing, as ever.
    progress = ["Asking for its state", "Reading identity and counters"] if "selftest" in command else []
    assert before == progress
    assert done.returncode == 70


def test_a_reader_who_has_read_enough_is_no_trouble(shop: Shop) -> None:
    program = f"{sys.executable} -P -m console plan --lang en | head -n 1 >/dev/null"
    done = subprocess.run(
        ["sh", "-c", program],
        env=environment(shop.home), stderr=subprocess.PIPE, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["2>&-", "<&- 2>&-"])
def test_a_program_without_streams_still_says_its_exit_code(shop: Shop, closed: str) -> None:
    command = (
        f"exec {sys.executable} -P -m console check --only printer:front --profile {shop.profile} {closed}"
    )
    done = subprocess.run(["sh", "-c", command], env=environment(shop.home), timeout=50, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("home", ["~nobody-of-this-name/x", "/proc/nope"])
def test_a_home_that_cannot_be_had_is_told_and_the_check_works(shop: Shop, home: str) -> None:
    done = tillkeeper(
        Path(home), "check", "--profile", str(shop.profile), "--only", "printer:front", "--json"
    )
    assert (done.returncode, json.loads(done.stdout)["overall"]) == (0, "ok")
    assert home in done.stderr


def test_one_store_s_history_is_not_another_s(shop: Shop) -> None:
    other = shop.home / "other.toml"
    other.write_text('[store]\nname = "other"\n', encoding="utf-8")
    shop.check("--only", "printer:front")
    before = set((shop.home / "stores").glob("*/history.db"))
    tillkeeper(shop.home, "check", "--profile", str(other), "--json")
    assert len(set((shop.home / "stores").glob("*/history.db")) - before) == 1
