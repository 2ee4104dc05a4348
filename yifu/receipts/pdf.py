"""Write plain text as PDF: A4 pages, Chinese through the reader's own song typeface.

Only what a receipt's printed form needs, so that no library is. The same text gives the same bytes:
no date, no identifier of its own. ISO 32000-1 §7.5 (file structure), §9.7 (composite fonts).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PAGE_WIDTH, PAGE_HEIGHT = 595, 842
"""A4 in points."""

# Adobe-GB1 without embedding: every reader with Chinese support has a typeface for it. The first 95
# characters of the collection are ASCII, half as wide as the others.
_FONTS: Final = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
    " /DescendantFonts [4 0 R] >>\n"
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500]"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    " /FontDescriptor 5 0 R >>\n"
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)
_FIRST_PAGE: Final = 6


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text: points from the left and from the top of the page, and its size."""

    x: int
    y: int
    size: int
    text: str


def write(pages: Sequence[Sequence[Text]]) -> bytes:
    """Write pages as a PDF file. Raises `ValueError` without a page."""
    if not pages:
        raise ValueError("a file needs a page")
    numbers = range(_FIRST_PAGE, _FIRST_PAGE + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *_FONTS.encode().split(b"\n"),
    ]
    for number, page in zip(numbers, pages, strict=True):
        objects += [_page(number + 1), _content(page)]
    return _file(objects)


def _page(content: int) -> bytes:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]"
        f" /Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R >>"
    ).encode()


def _content(page: Sequence[Text]) -> bytes:
    shown = "\n".join(
        f"BT /F1 {one.size} Tf {one.x} {PAGE_HEIGHT - one.y} Td"
        f" <{one.text.encode('utf-16-be').hex().upper()}> Tj ET"
        for one in page
    )
    packed = zlib.compress(shown.encode(), 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(written)
    count = len(objects) + 1
    written += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    written += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(written)
