"""Running import-linter over a tree, and reading what it found."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path

from tests.architecture.tree import ROOT, run_python

_LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def contracts() -> dict[str, str]:
    """Return the name of each contract by its identifier."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): parser[section]["name"]
        for section in parser.sections()
        if section.startswith(prefix)
    }


def lint(tree: Path, *identifiers: str) -> subprocess.CompletedProcess[str]:
    """Check ``tree`` against the contracts of ``identifiers``, or all."""
    chosen = [word for identifier in identifiers for word in ("--contract", identifier)]
    config = ["--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"]
    return run_python(tree, "-c", _LINT, *config, *chosen)
