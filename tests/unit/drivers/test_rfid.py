"""What RFID readers say, held to the bytes in their manuals."""

from __future__ import annotations

import pytest

from console.domain.tags import Tag
from console.drivers.codecs.rfid import ASK_INFO, POLL, NoTag, Said, TagStream, Told

# A tag with 0013530444 printed on it, as an RDM6300 kind sent it to a host that listed every byte.
RDM6300 = bytes([2, 51, 67, 48, 48, 67, 69, 55, 53, 52, 67, 67, 66, 3])
ID12 = RDM6300[:-1] + b"\r\n\x03"
# MagicRF's M100 and QM100 firmware manual, 2.1 and 2.2.
EPC = bytes.fromhex("BB02220011C9340030751FEB705C5904E3D50D703A76EF7E")
NOBODY = bytes.fromhex("BB01FF000115167E")
HARDWARE = bytes.fromhex("BB0103001000 4D31303020323664426D2056312E30 927E")
SOFTWARE = bytes.fromhex("BB010300070156322E332E31547E")


def said(*pieces: bytes) -> list[Said]:
    stream = TagStream()
    return [each for piece in pieces for each in stream.feed(piece)]


@pytest.mark.parametrize("frame", [RDM6300, ID12])
def test_a_tag_by_itself(frame: bytes) -> None:
    (tag,) = said(frame)
    assert isinstance(tag, Tag)
    assert (tag.number, tag.kind, tag.whole) == ("3C00CE754C", "EM4100", True)
    assert int.from_bytes(bytes.fromhex(tag.number)[1:]) == 13530444  # as it is printed on the tag


def test_a_tag_of_a_uhf_module() -> None:
    (tag,) = said(EPC)
    assert isinstance(tag, Tag)
    assert (tag.number, tag.kind, tag.whole) == ("30751FEB705C5904E3D50D70", "EPC", True)


def test_none_was_there() -> None:
    assert said(NOBODY) == [NoTag()]


def test_who_it_is() -> None:
    assert said(HARDWARE, SOFTWARE) == [
        Told("ModelName", "M100 26dBm V1.0"),
        Told("FirmwareRevision", "V2.3.1"),
    ]


def test_the_questions_are_those_of_the_manual() -> None:
    assert [each.hex(" ") for each in ASK_INFO] == [
        "bb 00 03 00 01 00 04 7e",
        "bb 00 03 00 01 01 05 7e",
        "bb 00 03 00 01 02 06 7e",
    ]
    assert POLL.hex(" ") == "bb 00 22 00 00 22 7e"


@pytest.mark.parametrize("frame", [RDM6300[:5] + b"0" + RDM6300[6:], EPC[:10] + b"\x00" + EPC[11:]])
def test_a_wrong_check_sum_is_told(frame: bytes) -> None:
    (tag,) = said(frame)
    assert isinstance(tag, Tag)
    assert not tag.whole


def test_frames_are_found_in_pieces_and_behind_noise() -> None:
    assert len(said(b"\xbb\x02\x99" + RDM6300, EPC[:7], EPC[7:], b"\x02\x02" + ID12)) == 3


def test_half_a_frame_and_noise_are_told_apart() -> None:
    stream = TagStream()
    stream.feed(RDM6300[:6])
    assert (stream.half, stream.strange) == (True, False)
    stream.feed(b"\xff")
    assert (stream.half, stream.strange) == (False, True)


def test_a_number_is_shown_by_its_end_alone() -> None:
    tag = Tag("3C00CE754C", "EM4100")
    assert tag.reduced == "••••••••4C"
    assert "CE75" not in repr(tag)
