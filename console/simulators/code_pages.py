"""Bytes into characters as a receipt printer does: ESC t, ESC R, and GB18030 in Chinese mode."""

from __future__ import annotations

# ESC t n -> the codec; pages that no codec knows print as page 0 does.
_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859-7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    21: "tis-620",
    32: "cp720",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859-2",
    40: "iso8859-15",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
    53: "kz1048",
}
# ESC R n -> what is printed for the twelve characters that differ by country.
_DIFFERING = r"#$@[\]^`{|}~"
_COUNTRIES = (
    r"#$@[\]^`{|}~",
    "#$à°ç§^`éùè¨",
    "#$§ÄÖÜ^`äöüß",
    r"£$@[\]^`{|}~",
    "#$@ÆØÅ^`æøå~",
    "#¤ÉÄÖÅÜéäöåü",
    r"#$@°\é^ùàòèì",
    "₧$@¡Ñ¿^`¨ñ}~",
    "#$@[¥]^`{|}~",
    "#¤ÉÆØÅÜéæøåü",
    "#$ÉÆØÅÜéæøåü",
    "#$á¡Ñ¿é`íñóú",
    "#$á¡Ñ¿éüíñóú",
    "#$@[₩]^`{|}~",
    "#$ŽŠĐĆČžšđćč",
    r"#¥@[\]^`{|}~",
)


class Characters:
    """Decodes text bytes; a character may come in several pieces."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As after ESC @."""
        self.chinese = False
        self._page = "cp437"
        self._country: dict[int, int] = {}
        self._lead = b""

    def choose_page(self, n: int) -> None:
        """ESC t n."""
        self._page = _PAGES.get(n, "cp437")

    def choose_country(self, n: int) -> None:
        """ESC R n; unknown countries change nothing."""
        if n < len(_COUNTRIES):
            self._country = str.maketrans(_DIFFERING, _COUNTRIES[n])

    def break_off(self) -> str:
        """A command came: half a Chinese character before it prints as a replacement mark."""
        half, self._lead = self._lead, b""
        return "\ufffd" if half else ""

    def decode(self, data: bytes) -> str:
        """The characters that `data` completes."""
        if not self.chinese:
            return data.decode(self._page, "replace").translate(self._country)
        data = self._lead + data
        out, at = [], 0
        while at < len(data):
            length = self._length(data, at)
            if at + length > len(data):
                break
            out.append(data[at : at + length].decode("gb18030", "replace").translate(self._country))
            at += length
        self._lead = data[at:]
        return "".join(out)

    @staticmethod
    def _length(data: bytes, at: int) -> int:
        """Bytes of the character at `at`: 1, 2, or 4 where the second byte is a digit (GB 18030)."""
        if not 0x81 <= data[at] <= 0xFE:
            return 1
        return 4 if at + 1 < len(data) and 0x30 <= data[at + 1] <= 0x39 else 2
