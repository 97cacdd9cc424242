"""A page of codes for a receipt printer, each as large as was asked for, dot by dot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.domain.eye_chart import Medium, chart
from console.domain.head import Head
from console.domain.specimens import SPECIMENS, Kind
from console.domain.words import Words, say
from console.services.codes import Drawn, drawn

_CHART = {Kind.CODE_128: (4, 3, 2, 1), Kind.QR: (6, 4, 3, 2, 1)}  # dots
_HIGH = 96  # dots that bars are high: 12 mm
_LINE, _AROUND = 30, 8  # dots of a line of text; lines of heading, feed and cut
_LARGEST = 3  # dots: 0.375 mm at 203 dpi, a little more than on goods

Text = Callable[[Words], str]
Picture = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """Implements the port `CodesPage`; `draw` makes the pictures for a head, with captions."""

    title: str
    lines: Sequence[str]
    draw: Callable[[Head], Sequence[Picture]]
    code: str = "TK"  # names the job; nothing is printed of it

    def pictures(self, head: Head) -> Sequence[Picture]:
        """See the port."""
        return self.draw(head)

    @property
    def centimetres(self) -> int:
        """How much paper of 80 mm it takes, about."""
        head = Head.of(80)
        dots = sum(len(rows) * 8 // head.dots + 2 * _LINE for _, rows in self.draw(head))
        dots += _LINE * (len(self.lines) + _AROUND)
        return -(-dots // round(10 * head.dots_per_mm))


def symbologies_sheet(text: Text) -> CodeSheet:
    """Every specimen, as large as the paper lets it be."""

    def draw(head: Head) -> list[Picture]:
        made = []
        for each in SPECIMENS:
            code = drawn(each.kind, each.content)
            made.append((f"{each.kind}  {each.content}", _inked(code, _fitting(code, head), head)))
        return made

    hint = say("Scan each code; cover its neighbours if the wrong one comes.")
    return CodeSheet(text(say("All symbologies")), (text(hint),), draw)


def eye_chart_sheet(text: Text, kind: Kind) -> CodeSheet:
    """The same code in falling sizes down to a single dot of the head."""

    def draw(head: Head) -> list[Picture]:
        made = []
        for dots, row in zip(
            _CHART[kind], chart(Medium.PAPER, kind, head.dots_per_mm, _CHART[kind]), strict=True
        ):
            code = drawn(kind, row.content)
            if code.width * dots <= head.dots:
                made.append((text(row.words), _inked(code, dots, head)))
        return made

    hint = say("Scan from the top down, as far as the scanner reads.")
    return CodeSheet(text(say("Eye chart")), (text(hint),), draw)


def _inked(code: Drawn, module: int, head: Head) -> bytes:
    return (code.as_high(_HIGH // module) if code.bars else code).ink(module, head.dots)


def _fitting(code: Drawn, head: Head) -> int:
    return max(1, min(_LARGEST, head.dots // code.width))
