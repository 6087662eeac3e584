"""Files that come with a message: what they are is told by their own first bytes, never by their name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from libs.common.errors import Invalid, NotFound

LARGEST = 700_000
"""In bytes; written as base64 it still fits into a request."""
MOST_PER_MESSAGE = 5
LONGEST_NAME = 120


class AttachmentRefused(Invalid):
    """A file is too large, empty, or of a kind that is not taken in."""

    code = "attachment_refused"


class AttachmentNotFound(NotFound):
    """There is no such file, or the caller may not know of it."""

    code = "attachment_not_found"


@dataclass(frozen=True)
class FileType:
    """A kind of file: its media type, the names that it may bear, and how it begins."""

    media_type: str
    endings: tuple[str, ...]
    begins: bytes
    then: bytes = b""
    then_at: int = 0

    def fits(self, content: bytes) -> bool:
        """Tell whether the content begins as this kind does."""
        return content.startswith(self.begins) and content[self.then_at :].startswith(self.then)


_ZIPPED = ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp")
TYPES = (
    FileType("image/png", ("png",), b"\x89PNG\r\n\x1a\n"),
    FileType("image/jpeg", ("jpg", "jpeg"), b"\xff\xd8\xff"),
    FileType("image/gif", ("gif",), b"GIF87a"),
    FileType("image/gif", ("gif",), b"GIF89a"),
    FileType("image/webp", ("webp",), b"RIFF", b"WEBP", 8),
    FileType("application/pdf", ("pdf",), b"%PDF-"),
    # An archive is kept as it is: it is never opened here, so nothing in it can swell or climb out of a folder.
    FileType("application/zip", _ZIPPED, b"PK\x03\x04"),
)
PLAIN = FileType("text/plain", ("txt", "log", "csv"), b"")
_MARKUP = re.compile(
    r"<\s*(!doctype|\?xml|html|head|body|script|svg|iframe|object|embed|img|a|style)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Upload:
    """A file as somebody sends it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message; its bytes lie in the vault under ``key``, which nobody can guess."""

    id: str
    message_id: str
    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime


def type_of(content: bytes, field: str) -> FileType:
    """Return what a file is by its content; refuse what is on no list, such as programs and web pages."""
    if not content:
        raise AttachmentRefused("the file is empty", field=field, cure="send a file with something in it")
    if len(content) > LARGEST:
        raise AttachmentRefused(
            f"the file has {len(content)} bytes",
            field=field,
            cure=f"send at most {LARGEST} bytes, or a smaller picture",
            most_bytes=LARGEST,
        )
    found = next((each for each in TYPES if each.fits(content)), None) or _plain(content)
    if found is None:
        raise AttachmentRefused(
            "files of this kind are not taken in",
            field=field,
            cure="send PNG, JPEG, GIF, WebP, PDF, an Office document, a ZIP archive, or plain text",
        )
    return found


def _plain(content: bytes) -> FileType | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in text):
        return None
    return None if _MARKUP.search(text) else PLAIN


def safe_name(given: str, kind: FileType) -> str:
    """Return under which name a file is offered: without a path, with one ending, which is that of its kind."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    bare = "".join(letter for letter in bare if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    stem, _, ending = bare.rpartition(".")
    ending = ending.lower()
    if ending not in kind.endings:
        stem, ending = bare, kind.endings[0]
    stem = re.sub(r'[.:*?"<>|%]+', "_", stem).strip(" _")
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'file'}.{ending}"
