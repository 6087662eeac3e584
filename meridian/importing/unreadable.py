"""Where a file stops being UTF-8, found without holding the file."""

from __future__ import annotations

import codecs
from pathlib import Path

from libs.common.importing import Problem

_PIECE = 64 * 1024


def not_utf8(path: Path, name: str) -> Problem:
    """Return the problem of the file's first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, line = 0, 1
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            kept = decoder.getstate()[0]
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                line += (kept + piece)[: error.start].count(b"\n")
                place = before - len(kept) + error.start
                return Problem(name, line, None, f"is not UTF-8 (byte {place}); save it as CSV UTF-8")
            if not piece:
                break
            before += len(piece)
            line += piece.count(b"\n")
    return Problem(name, 1, None, "was changed while it was read; run the import again")
