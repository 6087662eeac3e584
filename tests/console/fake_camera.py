"""A camera that shows codes: a film that Chromium plays as one, and codes as other programs drew them.

They were drawn once by python-barcode, segno and ppf.datamatrix, so that what reads them is not what wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

WIDTH, HEIGHT = 640, 480
FRAMES_A_SECOND = 5
SHOWN, PAUSED = 8, 2
"""For how many frames a code is held before the camera, and none."""

WHITE, BLACK = 235, 16
QUIET = 40
"""How much white there is around a code, in pixels."""

LINES_HIGH = 120
CODES: dict[str, Sequence[str]] = {
    # EAN-13, Code 128, QR and Data Matrix, with what each says.
    "5901234123457": (
        "#.#...#.##.#..###.##..##..#..##.####.#..###.#.#.#.##..##.##.##..#....#.#.###..#..###.#...#..#.#",
    ),
    "MRD-1D-128": (
        (
            "##.#..#....#.###.##...##...#.###.#.##...#...#..##.###..#..###..##.#.##...#...#..##.###..#..###..##.#"
            "#..###..#.###.#..##..##.##..##..##...###.#.##"
        ),
    ),
    "MRD-QR-1": (
        "#######..#.#..#######",
        "#.....#..#.#..#.....#",
        "#.###.#.....#.#.###.#",
        "#.###.#..###..#.###.#",
        "#.###.#.##..#.#.###.#",
        "#.....#..###..#.....#",
        "#######.#.#.#.#######",
        "........###..........",
        "..##..###....##.#....",
        "#.####.#.......#.###.",
        "..#...###..##.####...",
        "##.#.#.#######...##.#",
        ".##.#.##.##..#..#..##",
        "........#...###....#.",
        "#######.#.##....##.#.",
        "#.....#...###..#..#..",
        "#.###.#..#..#.#..####",
        "#.###.#.#.#.#.##..##.",
        "#.###.#.##..######...",
        "#.....#......#.#.....",
        "#######...#......###.",
    ),
    "MRD-DM-1": (
        "#.#.#.#.#.#.#.",
        "#.##.##.#.##.#",
        "#.#..###.###..",
        "#.##....######",
        "##.##.#.###...",
        "#...##.#.##.##",
        "#.##...##.#...",
        "#.##....#.#.##",
        "##.#.....#....",
        "#.#.#...#..###",
        "####..#...##..",
        "#####...##..##",
        "#..##.......#.",
        "##############",
    ),
}
FILM_S = len(CODES) * (SHOWN + PAUSED) / FRAMES_A_SECOND


def film(into: Path) -> Path:
    """Write a film that shows one code after the other, over and over; return it."""
    frames = [
        frame for code in CODES.values() for frame in [_picture(code)] * SHOWN + [_picture(())] * PAUSED
    ]
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode()
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    into.write_bytes(head + b"".join(b"FRAME\n" + frame + grey for frame in frames))
    return into


def _picture(code: Sequence[str]) -> bytes:
    """Draw a code in the middle of a white sheet, as large as it fits."""
    rows = list(_rows(code))
    above = (HEIGHT - len(rows)) // 2
    blank = bytes([WHITE]) * WIDTH
    return blank * above + b"".join(rows) + blank * (HEIGHT - above - len(rows))


def _rows(code: Sequence[str]) -> Iterator[bytes]:
    if not code:
        return
    size = min((WIDTH - 2 * QUIET) // len(code[0]), (HEIGHT - 2 * QUIET) // len(code))
    for line in code:
        dots = b"".join(bytes([BLACK if dot == "#" else WHITE]) * size for dot in line)
        left = (WIDTH - len(dots)) // 2
        row = bytes([WHITE]) * left + dots + bytes([WHITE]) * (WIDTH - left - len(dots))
        yield from [row] * (LINES_HIGH if len(code) == 1 else size)
