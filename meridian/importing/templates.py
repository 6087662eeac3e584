"""Writing the templates: one file per format with its header and an example row, and a page that explains them."""

from __future__ import annotations

import csv
from pathlib import Path

from libs.common.importing import Format
from meridian.importing.formats import FORMATS

GUIDE = "README.md"
_RULES = (
    "CSV, UTF-8, comma-separated, with a header. Files are read in this order; leave out those you do not have. "
    "Nothing is taken while a cell of any file cannot be read. Rows may stand in any sequence. "
    "Dates are YYYY-MM-DD, numbers have a point and no separators.\n"
)


def write_templates(folder: Path) -> list[Path]:
    """Write every template and the guide into ``folder``; an existing file is never overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [path for format in FORMATS if (path := _write_one(folder, format)) is not None]
    guide = folder / GUIDE
    if not guide.exists():
        guide.write_text(guide_text(), encoding="utf-8")
        written.append(guide)
    return written


def _write_one(folder: Path, format: Format) -> Path | None:
    path = folder / format.file
    if path.exists():
        return None
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in format.columns])
        writer.writerow([column.example for column in format.columns])
    return path


def guide_text() -> str:
    """Return the description of every file and column, as Markdown."""
    parts = [
        "# The import format\n",
        _RULES,
    ]
    for format in FORMATS:
        parts.append(f"## {format.file}\n")
        parts.append(f"One row per {' + '.join(format.key)}. Read by: {format.owner}.\n")
        parts.append("| column | filled | meaning | example |\n| --- | --- | --- | --- |")
        parts += [
            f"| {column.name} | {'always' if column.required else 'if known'} | {column.meaning} | {column.example} |"
            for column in format.columns
        ]
        parts.append("")
    return "\n".join(parts)
