"""What an image holds can be listed, and the lists are pinned."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]+\])?==([^\s;\\]+)", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_with_its_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", lock.read_text(encoding="utf-8")))
    loose = [entry.split()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry]

    assert len(entries) > 30
    assert loose == []


def test_the_list_of_an_image_s_packages_is_complete(tmp_path: Path) -> None:
    """What `make sbom` writes."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    options = re.search(
        r"cyclonedx_py (requirements .*?) --output-file \S+ (\S+)", recipe.replace("\\\n", "")
    )
    assert options is not None
    sbom = tmp_path / "sbom.json"
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        *options[1].split(),
        "--output-file",
        str(sbom),
        options[2],
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)

    found = json.loads(sbom.read_text(encoding="utf-8"))
    pinned = _PIN.findall((ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8"))
    assert found["specVersion"] == "1.6"
    assert {(part["name"], part["version"]) for part in found["components"]} == set(pinned)
