"""An ESC/POS exchange in words, from the manual's bytes."""

from __future__ import annotations

import pytest

from console.domain.recording import Event, What
from console.drivers.codecs.escpos_words import read
from console.drivers.codecs.queries import QUERIES
from console.drivers.readings import explain
from console.services.language import Language

ENGLISH = Language("en")


def sent(*pieces: bytes) -> list[str]:
    return [ENGLISH.join(words) for words in read((True, each) for each in pieces)]


def said(*pieces: tuple[bool, bytes]) -> list[str]:
    return [ENGLISH.join(words) for words in read(pieces)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x1b@", "initialise"),
        (b"\x10\x04\x04", "how are you? (DLE EOT 4)"),
        (b"\x1da\x0e", "report changes by yourself (GS a 14)"),
        (b"\x1dI\x43", "who are you? (GS I 67)"),
        (b"\x1dg2\x00\x94\x00", "ask for counter 148"),
        (b"\x1dg0\x00\x94\x00", "set counter 148 to zero"),
        (b"\x1dV\x00", "cut the paper"),
        (b"\x1dVA\x03", "cut the paper"),
        (b"\x1bp\x00\x19\xfa", "open the drawer (contact 0)"),
        (b"\x10\x14\x01\x00\x05", "open the drawer at once"),
        (b"\x1d(H\x06\x0000ab12", "send mark ab12 back when printed"),
        (b"\x1dk\x04TK1\x00", 'barcode "TK1"'),
        (b"\x1dk\x49\x03TK1", 'barcode "TK1"'),
        (b"\x1d(k\x06\x001P0TK1", '2D code: store "TK1"'),
        (b"\x1d(k\x03\x001Q0", "2D code: print it"),
        (b"\x1dv0\x00\x02\x00\x03\x00abcdef", "picture, 16 × 3 dots; 6 bytes of picture data"),
        (b"\x1b*\x21\x02\x00abcdef", "picture, 2 × 24 dots; 6 bytes of picture data"),
        (
            b"\x1c&\xd6\xd0\xce\xc4\n\x1c.",
            'Chinese characters on; text "中文"; new line; Chinese characters off',
        ),
        (b"\x1bD\x08\x10\x00x", 'set tab stops; text "x"'),
        (b"\x1b\x01", "unknown command: 1b 01"),
        (b"\x01", "unknown bytes: 01"),
    ],
)
def test_each_command_by_its_name(data: bytes, words: str) -> None:
    assert sent(data) == [words]


def test_a_command_cut_in_two_is_told_where_it_ends() -> None:
    whole = b"\x1b@\x1d(H\x06\x0000ab12\n"
    told = "send mark ab12 back when printed"
    for cut in range(3, len(whole) - 1):
        first, second = sent(whole[:cut], whole[cut:])
        assert first.startswith("initialise; the beginning of a command: 1d")
        assert second == f"{told}; new line"


def test_a_picture_runs_over_many_pieces_and_its_bytes_are_no_commands() -> None:
    told = sent(b"\x1dv0\x00\x04\x00\x02\x00\x1b@", b"\x10\x04\x01", b"\x1b@x\n")
    assert told == [
        "picture, 32 × 2 dots; 2 bytes of picture data",
        "3 bytes of picture data",
        "3 bytes of picture data; new line",
    ]


def test_chinese_that_is_cut_within_a_character_stays_whole() -> None:
    assert "".join(sent(b"\xd6\xd0\xce", b"\xc4")) == 'text "中"text "文"'


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (b"\x10\x04\x01", b"\x12", "drawer contact low; online"),
        (b"\x10\x04\x02", b"\x16", "cover open"),
        (b"\x10\x04\x03", b"\x1a", "cutter error"),
        (b"\x10\x04\x04", b"\x7e", "no paper; paper nearly used up"),
        (b"\x1dI\x43", b"\x5fSP-80\x00", 'answer "SP-80"'),
        (b"\x1dI\x01", b"\x20", "identification 1: 20"),
        (b"\x1dg2\x00\x94\x00", b"\x5f17\x00", 'answer "17"'),
        (b"\x1d(H\x06\x0000ab12", b"\x37\x22ab12\x00", "everything before mark ab12 is printed"),
        (
            b"\x1da\x0e",
            b"\x10\x00\x0c\x0f",
            "reports by itself: no paper; cover closed; drawer contact low; no error; nothing stops it;"
            " online",
        ),
        (b"", b"\x12", "a status that nobody asked for: 12"),
        (b"\x10\x04\x01", b"\xff\xfe", "unknown bytes: ff; unknown bytes: fe"),
        (b"\x10\x04\x01", b"\x13", "wait (XOFF)"),
        (b"\x1dI\x43", b"\x5fSP", "the beginning of an answer: 5f 53 50"),
    ],
)
def test_each_answer_by_its_question(question: bytes, answer: bytes, words: str) -> None:
    assert said((True, question), (False, answer))[1] == words


def test_answers_find_their_questions_where_several_wait() -> None:
    told = said((True, b"\x10\x04\x04\x10\x04\x02"), (False, b"\x7e\x16"))
    assert told[1] == "no paper; paper nearly used up; cover open"


def test_each_line_has_its_own_questions() -> None:
    events = [
        Event(0.1, What.SENT, 1, b"\x10\x04\x04"),
        Event(0.2, What.SENT, 2, b"\x10\x04\x02"),
        Event(0.3, What.HEARD, 2, b"\x16"),
        Event(0.4, What.HEARD, 1, b"\x7e"),
    ]
    told = [ENGLISH.join(each) for each in explain("printer", "escpos", events)]
    assert told[2:] == ["cover open", "no paper; paper nearly used up"]


def test_a_language_that_nobody_has_put_into_words_shows_no_meaning() -> None:
    assert explain("printer", "star", [Event(0.1, What.SENT, 1, b"\x1b\x06\x01")]) == [()]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (
            ["", "12"],
            ["do you speak Star?", "how are you? (DLE EOT 1)", "drawer contact low; online", "print mode 56"],
        ),
        (
            ["", "", "00"],
            [
                "do you speak Star?",
                "how are you? (DLE EOT 1)",
                "do you speak TSPL (labels)?",
                "it speaks TSPL (labels)",
                "",
            ],
        ),
    ],
)
def test_the_search_for_a_language_reads_as_one(answers: list[str], words: list[str]) -> None:
    """The shells of a question are no commands of the till; what follows in TSPL is not read as ESC/POS."""
    events: list[Event] = []
    for query, answer in zip(QUERIES, answers, strict=False):
        events.append(Event(0.1, What.SENT, 1, query.request))
        if answer:
            events.append(Event(0.1, What.HEARD, 1, bytes.fromhex(answer)))
    events.append(Event(0.1, What.SENT, 1, b"\x1b!\x38"))
    told = [ENGLISH.join(each) for each in explain("printer", "auto", events)]
    assert told == words


def test_a_hidden_code_is_told_as_hidden() -> None:
    event = Event(0.1, What.HEARD, 1, b"xxxx\r", veiled=True)
    assert ENGLISH.join(explain("scanner", "", [event])[0]) == "a code that is not kept, 4 bytes long"
