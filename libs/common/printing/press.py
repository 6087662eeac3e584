"""The press: a template and its data in, a PDF out."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"
_FRAME = ("letter", "goods")


class PaperFailed(RuntimeError):
    """A template cannot be printed: it is not there, or it is wrong; says which, where and why."""


class Press:
    """Prints templates of ``folders``; the first that has one of that name wins, so a company's comes before ours.

    Safe to use by several threads, which print one after the other: a page takes some ten milliseconds.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = (*folders, _HERE / "papers")
        self._lock = threading.Lock()

    def pdf(self, paper: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
        """Return the PDF of ``paper`` filled with ``data`` (what JSON can say), dated ``at``.

        Raises:
            PaperFailed: the template is missing or does not fit the data.
        """
        return self._print(paper, data, at, "pdf")[0]

    def pictures(self, paper: str, data: Mapping[str, Any], *, at: datetime, ppi: float = 96) -> list[bytes]:
        """Return each page as a PNG, for a look at it before it is sent."""
        return self._print(paper, data, at, "png", ppi=ppi)

    def _print(
        self, paper: str, data: Mapping[str, Any], at: datetime, kind: Any, **options: Any
    ) -> list[bytes]:
        import typst  # here, for a process that prints nothing must not load 80 MB

        source = "\n".join(map(self._template, (*_FRAME, paper))).encode()
        # The compiler remembers the pages before; it is one for all, hence the lock.
        with self._lock:
            try:
                made = self._compiler.compile(
                    source,
                    format=kind,
                    sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                    timestamp=int(at.timestamp()),
                    **options,
                )
            except typst.TypstError as failure:
                raise PaperFailed(
                    f"{paper} cannot be printed: {failure.diagnostic or failure.message}"
                ) from failure
        return [made] if isinstance(made, bytes) else list(made or ())

    def _template(self, name: str) -> str:
        for folder in self._folders:
            file = folder / f"{name}.typ"
            if file.is_file():
                return file.read_text(encoding="utf-8")
        raise PaperFailed(f"there is no template {name}.typ in {', '.join(map(str, self._folders))}")

    @cached_property
    def _compiler(self) -> typst.Compiler:
        import typst

        # The root is where a template may read files: the fonts' folder has none that anyone would mind to be read.
        return typst.Compiler(  # type: ignore[misc]  # its stub has a parameter that nothing binds
            b"", root=_FONTS, font_paths=[_FONTS], package_path=_FONTS, package_cache_path=_FONTS
        )
