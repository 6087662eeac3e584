"""The source tree as the architecture tests see it: where it is, what is in it, and copies of parts of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("crm", "sales", "inventory", "finance", "service_desk")
SOURCE_FOLDERS = ("services", "gateway", "libs", "meridian")
_NOT_SOURCE = {"__pycache__", ".venv", "node_modules"}


def source_files(*, tests: bool = False) -> Iterator[Path]:
    """Yield the Python files of the product, relative to the root; the tests among them only when asked."""
    for folder in (*SOURCE_FOLDERS, *(("tests",) if tests else ())):
        for path in sorted((ROOT / folder).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if _NOT_SOURCE.isdisjoint(relative.parts) and (tests or not is_test(relative)):
                yield relative


def is_test(path: Path) -> bool:
    """Tell whether ``path`` is test code or what only tests stand on."""
    return "tests" in path.parts or path.name in ("conftest.py", "testing.py") or "testing" in path.parts


def copy_python(target: Path, *folders: str, tests: bool = True) -> None:
    """Copy the Python files below ``folders`` into ``target``, at the same paths."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            relative = path.relative_to(ROOT)
            if _NOT_SOURCE.isdisjoint(relative.parts) and (tests or "tests" not in relative.parts):
                (target / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target / relative)


def run_python(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None, timeout_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run Python in ``folder`` with nothing but that folder and the installed packages on its path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
