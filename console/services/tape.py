"""What a self-test leaves behind for a replay, and what a replay gives it back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from console.domain.breaks import Breaks, Look, Span
from console.domain.chance import by_lot, drawing
from console.domain.evidence import Evidence
from console.domain.ports import Ask, Clock, TestPage
from console.domain.recording import Event, Recording, What
from console.domain.selftest import SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.black_box import BlackBox
from console.services.scanback import CameBack


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a test page; implements the port `TestPage`."""

    title: str
    lines: Sequence[str]
    code: str


class Tape:
    """Stands beside a self-test; this one keeps nothing and changes nothing."""

    silent = False  # True while no line was opened that is on the tape

    def running(self) -> AbstractContextManager[None]:
        """Around all that the self-test does."""
        return nullcontext()

    def page(self, page: TestPage) -> TestPage:
        """The page to be printed, before it is."""
        return page

    def asking(self, ask: Ask | None) -> Ask | None:
        """The way to put questions to the person."""
        return ask

    def came_back(self, back: CameBack | None) -> CameBack | None:
        """The printed code's way back through a scanner."""
        return back

    def marked(self, breaks: Breaks) -> None:
        """What the person saw broken on the page, after the verdict; another verdict follows."""

    def ended(self, result: SelftestResult) -> None:
        """The verdict."""


class RecordingTape(Tape):
    """Keeps everything that a replay needs; `keep` takes each event, timed from the start."""

    def __init__(self, box: BlackBox, clock: Clock, code: str, keep: Callable[[Event], None]) -> None:
        self.silent = True
        self._box = box
        self._clock = clock
        self._code = code
        self._keep = keep
        self._began = clock.seconds()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Lines that are opened within are kept, and codes that are drawn."""
        with self._box.recording(self._take, self._code), drawing(self._drawn):
            yield

    def page(self, page: TestPage) -> TestPage:
        """Keeps its words, which hold the time of printing."""
        self._note(What.PAGE, title=page.title, lines=list(page.lines), code=page.code)
        return page

    def asking(self, ask: Ask | None) -> Ask | None:
        """Keeps the person's answer."""

        async def asked(question: Words) -> bool | None:
            answer = await ask(question) if ask else None
            self._note(What.ANSWERED, answer=answer)
            return answer

        return asked if ask else None

    def came_back(self, back: CameBack | None) -> CameBack | None:
        """Keeps which scanner it was, and what it showed."""
        if back is not None:
            self._note(What.CAME_BACK, scanner=str(back.scanner), sign=back.signs)
        return back

    def marked(self, breaks: Breaks) -> None:
        """Keeps the dot columns and how they look."""
        self._note(What.MARKED, columns=[list(each) for each in breaks.spans], look=breaks.look.value)

    def ended(self, result: SelftestResult) -> None:
        """Keeps the verdict, with which a replay's is compared."""
        self._note(What.ENDED, **verdict(result))

    def _take(self, event: Event) -> None:
        self.silent = False
        self._keep(event.since(self._began))

    def _drawn(self, alphabet: str, length: int) -> str:
        text = by_lot(alphabet, length)
        self._note(What.DRAWN, text=text)
        return text

    def _note(self, what: What, **note: object) -> None:
        self._keep(Event(self._clock.seconds(), what, note=note).since(self._began))


class ReplayTape(Tape):
    """Gives back what a recording kept."""

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self._clock = clock
        self._back = deque(recording.noted(What.CAME_BACK))
        self._pages = deque(recording.noted(What.PAGE))
        self._answers = deque(recording.noted(What.ANSWERED))
        self._drawn = deque(recording.noted(What.DRAWN))
        self._marked = next(iter(recording.noted(What.MARKED)[-1:]), None)

    @property
    def breaks(self) -> Breaks | None:
        """What the person saw broken on the page then."""
        if self._marked is None:
            return None
        note: Mapping[str, Any] = self._marked.note
        return Breaks(tuple(Span(*each) for each in note["columns"]), Look(note["look"]))

    def running(self) -> AbstractContextManager[None]:
        """Codes are drawn as they were drawn then; anew when there are no more."""
        return drawing(self._draw)

    def page(self, page: TestPage) -> TestPage:
        """The page of then."""
        if not self._pages:
            return page
        note: Mapping[str, Any] = self._pages.popleft().note
        return Page(note["title"], note["lines"], note["code"])

    def asking(self, ask: Ask | None) -> Ask | None:
        """The answers of then; nobody is asked where nobody was."""

        async def answered(_: Words) -> bool | None:
            answer = self._answers.popleft().note["answer"] if self._answers else None
            return answer if isinstance(answer, bool) else None

        return answered if self._answers else None

    def came_back(self, back: CameBack | None) -> CameBack | None:
        """The way back of then."""
        if not self._back:
            return None
        note: Mapping[str, Any] = self._back.popleft().note
        signs = str(note["sign"]).split()
        evidence = Evidence(
            "scanner.scan",
            "",
            say("As recorded"),
            self._clock.now(),
            0.0,
            frozenset({*signs, "scanner.scanned"}),
        )
        return CameBack(Subject.parse(str(note["scanner"])), evidence)

    def _draw(self, alphabet: str, length: int) -> str:
        text = str(self._drawn.popleft().note["text"]) if self._drawn else ""
        fits = len(text) == length and set(text) <= set(alphabet)
        return text if fits else by_lot(alphabet, length)


def verdict(result: SelftestResult) -> Mapping[str, Any]:
    """The outcome in the codes that scripts know."""
    return {
        "passed": result.passed,
        "light": result.finding.light.value,
        "cause": result.finding.cause,
        "grade": result.proof.grade.value if result.proof else None,
    }
