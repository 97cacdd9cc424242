"""What is drawn is read by zxing-cpp, in each size that is offered."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image

from console.domain.eye_chart import CONTRASTS
from console.domain.specimens import SPECIMENS, Kind, Specimen, expanded
from console.domain.symbology import check_digit
from console.services.codes import drawn


def read(kind: Kind, content: str, module: int, contrast: int = 100) -> list[tuple[str, str]]:
    code = drawn(kind, content)
    size = code.width * module, code.tall * module
    picture = Image.frombytes("L", size, code.pixels(module, contrast))
    return [(each.text, each.symbology_identifier) for each in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda each: each.kind.value)
@pytest.mark.parametrize("module", [1, 2, 3, 4, 6])
def test_every_symbology_is_read_in_every_size(specimen: Specimen, module: int) -> None:
    ((text, identifier),) = read(specimen.kind, specimen.content, module)
    bare = text.replace("(", "").replace(")", "")
    assert bare in specimen.sent
    assert identifier.startswith(specimen.aim)


@pytest.mark.parametrize("last", "0123456789")
def test_upc_e_is_expanded_as_zxing_does(last: str) -> None:
    body = f"012345{last}"
    check = check_digit(expanded(f"{body}0")[:-1])
    ((text, _),) = read(Kind.UPC_E, f"{body}{check}", 2)
    assert text == f"0{expanded(f'{body}{check}')}"


@pytest.mark.parametrize("contrast", [100, *CONTRASTS])
def test_a_pale_code_is_read_too(contrast: int) -> None:
    assert read(Kind.CODE_128, "TKPALE", 2, contrast) == [("TKPALE", "]C0")]


@pytest.mark.parametrize(("contrast", "grey"), [(100, 0), (78, 129), (50, 188), (10, 243)])
def test_ink_is_as_dark_as_was_asked(contrast: int, grey: int) -> None:
    """The values of sRGB for 0, 22, 50 and 90 % of white's light."""
    assert set(drawn(Kind.QR, "TK").pixels(1, contrast)) == {255, grey}


@pytest.mark.parametrize("module", [1, 3, 5])
def test_a_module_is_a_whole_number_of_pixels(module: int) -> None:
    code = drawn(Kind.CODE_128, "TKEXACT")
    line = code.pixels(module)[: code.width * module]
    runs = [len(run) for run in line.replace(b"\x00", b" ").split(b"\xff") if run]
    assert runs
    assert all(run % module == 0 for run in runs)
    assert min(runs) == module
    assert line.startswith(b"\xff" * 10 * module + b"\x00")


def test_what_cannot_be_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match="check digit"):
        drawn(Kind.EAN_13, "9521234567890")
