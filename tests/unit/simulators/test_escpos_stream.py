"""Every command's length as the manual gives it: the text behind it must come out whole."""

import pytest

from console.simulators.command_stream import KEPT, Command
from console.simulators.escpos_stream import CommandStream, RealtimeScanner

COMMANDS = {
    "ESC @": "1b40",
    "ESC !": "1b2138",
    "ESC $": "1b241000",
    "ESC %": "1b2501",
    "ESC &": "1b2603 4142 02aaaaaaaaaaaa 01bbbbbb",
    "ESC *|8 dots": "1b2a00 0300 aabbcc",
    "ESC *|24 dots": "1b2a21 0200 aabbccddeeff",
    "ESC -": "1b2d01",
    "ESC 2": "1b32",
    "ESC 3": "1b3320",
    "ESC =": "1b3d01",
    "ESC ?": "1b3f41",
    "ESC D": "1b44 080a10 00",
    "ESC D|empty": "1b44 00",
    "ESC E": "1b4501",
    "ESC J": "1b4a20",
    "ESC L": "1b4c",
    "ESC R": "1b520f",
    "ESC S": "1b53",
    "ESC W": "1b57 0000000000020002",
    "ESC Z": "1b5a 010303 0200 4142",
    "ESC \\": "1b5cf0ff",
    "ESC a": "1b6101",
    "ESC c|3": "1b633302",
    "ESC d": "1b6403",
    "ESC p": "1b70003c78",
    "ESC t": "1b7410",
    "ESC u": "1b7500",
    "ESC v": "1b76",
    "ESC {": "1b7b01",
    "ESC ( A": "1b2841 0300 610101",
    "FS !": "1c2100",
    "FS &": "1c26",
    "FS .": "1c2e",
    "FS 2": "1c32 8140" + "ff" * 72,
    "FS ?": "1c3f8140",
    "FS C": "1c4301",
    "FS S": "1c530001",
    "FS W": "1c5700",
    "FS g|1": "1c6731 00 00000000 0200 4142",
    "FS g|2": "1c6732 00 00000000 0200",
    "FS p": "1c700100",
    "FS q": "1c7102 0100 0100 0102030405060708 0100 0100 0102030405060708",
    "FS ( A": "1c2841 0200 3000",
    "GS !": "1d2111",
    "GS $": "1d241000",
    "GS ( A": "1d2841 0200 0002",
    "GS ( H": "1d2848 0600 3030 31323334",
    "GS ( L": "1d284c 0b00 30703001013108000100 ff",
    "GS 8 L": "1d384c 0b000000 30703001013108000100 ff",
    "GS ( k": "1d286b 0300 314306",
    "GS *": "1d2a 0101 0102030405060708",
    "GS /": "1d2f00",
    "GS :": "1d3a",
    "GS B": "1d4201",
    "GS C|0": "1d4330 0000",
    "GS C|1": "1d4331 000000000000",
    "GS C|2": "1d4332 0000",
    "GS C|;": "1d433b 313b323b333b343b353b",
    "GS D": "1d44 30433020200131 424d0a000000 41424344",
    "GS H": "1d4802",
    "GS I": "1d4942",
    "GS L": "1d4c0000",
    "GS P": "1d50cbcb",
    "GS Q": "1d5130 00 0100 0100 0102030405060708",
    "GS T": "1d5401",
    "GS V|0": "1d5600",
    "GS V|65": "1d564110",
    "GS V|66": "1d564200",
    "GS V|98": "1d566200",
    "GS W": "1d574002",
    "GS \\": "1d5c0000",
    "GS ^": "1d5e010000",
    "GS a": "1d61ff",
    "GS c": "1d63",
    "GS f": "1d6600",
    "GS g|0": "1d673000 1400",
    "GS g|2": "1d673200 9400",
    "GS h": "1d6864",
    "GS k|4": "1d6b04 414243 00",
    "GS k|73": "1d6b49 05 7b42414243",
    "GS r": "1d7201",
    "GS v|0": "1d7630 00 0200 0300 010203040506",
    "GS w": "1d7703",
    "GS z|0": "1d7a300203",
    "DLE EOT": "100401",
    "DLE EOT 7 1": "10040701",
    "DLE ENQ": "100502",
    "DLE DC4 1": "1014010001",
    "DLE DC4 2": "1014020108",
    "DLE DC4 3": "1014030001010505",
    "DLE DC4 7": "10140701",
    "DLE DC4 8": "10140801031401060208",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_stream_stays_in_step(name: str) -> None:
    data = bytes.fromhex(COMMANDS[name]) + b"after\n"
    whole = CommandStream().feed(data)
    assert whole[-2:] == [Command("text", b"after"), Command("LF")]
    assert len(whole) == (2 if name.startswith("DLE") else 3)
    if not name.startswith("DLE"):
        assert whole[0].name == name.split("|")[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_bytes_may_come_one_by_one(name: str) -> None:
    data = bytes.fromhex(COMMANDS[name]) + b"\x1b@"
    stream = CommandStream()
    single = [command for byte in data for command in stream.feed(bytes([byte]))]
    assert single == CommandStream().feed(data)


def test_arguments_come_without_name_and_length() -> None:
    assert CommandStream().feed(bytes.fromhex("1d286b0300314306")) == [Command("GS ( k", b"1C\x06")]
    assert CommandStream().feed(bytes.fromhex("1d384c02000000 3032")) == [Command("GS 8 L", b"02")]
    assert CommandStream().feed(b"\x1dkI\x03abc") == [Command("GS k", b"Iabc")]
    assert CommandStream().feed(b"\x1dk\x04abc\0") == [Command("GS k", b"\x04abc")]


def test_unknown_commands_are_two_bytes() -> None:
    assert CommandStream().feed(b"\x1b~A\x1c~B\x1d~C\x01D") == [Command("text", bytes([c])) for c in b"ABCD"]


def test_a_picture_of_four_gigabytes_does_not_fill_the_memory() -> None:
    stream = CommandStream()
    assert stream.feed(b"\x1d8L\xff\xff\xff\xff") == []
    for _ in range(2 * KEPT // 65536):
        assert stream.feed(bytes(65536)) == []
    assert len(stream._rest) < 65536


def test_a_reset_forgets_the_half_command() -> None:
    stream = CommandStream()
    stream.feed(b"\x1dv0\0\xff\xff\xff\xffhalf")
    stream.reset()
    assert stream.feed(b"whole") == [Command("text", b"whole")]


@pytest.mark.parametrize(
    "request_bytes",
    [
        "100401",
        "100402",
        "100403",
        "100404",
        "100501",
        "100502",
        "1014010001",
        "1014010108",
        "10140801031401060208",
    ],
)
def test_realtime_requests_are_found_at_any_split(request_bytes: str) -> None:
    wanted = bytes.fromhex(request_bytes)
    data = b"\x1dv0\0\x10\x00\x01\x00\x10\x10\x04" + wanted + b"\x10\x04"
    for at in range(len(data)):
        scanner = RealtimeScanner()
        parts = [*scanner.split(data[:at]), *scanner.split(data[at:])]
        assert b"".join(piece for piece, _ in parts) == data
        assert [request for _, request in parts if request] == [wanted]


@pytest.mark.parametrize(
    "other", ["100400", "100405", "100409", "100503", "1014010201", "1014010009", "1014020108"]
)
def test_what_is_no_realtime_request_is_left_alone(other: str) -> None:
    assert list(RealtimeScanner().split(bytes.fromhex(other))) == [(bytes.fromhex(other), b"")]
