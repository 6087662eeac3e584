"""Schemathesis on every operation of the document, as one role after another, with a fixed seed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from meridian.topography import ROOT
from tests.security.served import Served

ROLES = {
    "sales": "sam",
    "sales_manager": "mia",
    "warehouse": "wim",
    "finance": "fay",
    "service": "sid",
    "admin": "admin",
    "api_client": "shop",
}
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
PATIENCE_S = 5_400
_CASES = re.compile(r"([0-9,]+) generated")
_FAILURES = re.compile(r"found ([0-9]+) unique failure")


def run_schemathesis(
    running: Served,
    role: str,
    examples: int,
    seed: int,
    only: str = "",
    phases: str = "examples,coverage,fuzzing",
) -> dict[str, Any]:
    """Run it as ``role`` with ``examples`` per operation and return requests, failures and what they were."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            _command(running, examples, seed, only, phases),
            env=os.environ | _environment(running, role),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    found = _read(done.stdout)
    found |= {"role": role, "seconds": round(time.monotonic() - begun), "exit": done.returncode}
    if done.returncode not in (0, 1) or found["requests"] == 0:
        found["failures"] += 1
        found["told"].append(done.stdout[-2_000:] + done.stderr[-2_000:])
    print(
        f"  schemathesis as {role:14} {found['requests']:8,} requests, {found['failures']} failures",
        flush=True,
    )
    for line in found["told"][:20]:
        print(f"    {line}")
    return found


def _command(running: Served, examples: int, seed: int, only: str, phases: str) -> list[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{running.url}/openapi.json",
        "--checks", ",".join(CHECKS), "--phases", phases, "--max-examples", str(examples), "--seed", str(seed),
        "--continue-on-failure", "--no-shrink", "--request-timeout", "40", "--warnings", "off",
        "--suppress-health-check", "all", "--no-color",
        "--exclude-path-regex", "/auth/(login|logout|refresh|password)$",
    ]  # fmt: skip
    return [*command, "--include-path-regex", re.escape(only)] if only else command


def _environment(running: Served, role: str) -> dict[str, str]:
    person = running.system[ROLES[role]]
    return {
        "SCHEMATHESIS_HOOKS": "tests.security.schema_login",
        "PYTHONPATH": str(ROOT),
        "HOSTILE_URL": running.url,
        "HOSTILE_USERNAME": person.username,
        "HOSTILE_PASSWORD": person._password,
    }


def _read(said: str) -> dict[str, Any]:
    """Read the count of requests and what failed from the summary."""
    cases, failures = _CASES.search(said), _FAILURES.search(said)
    section = said.partition(" FAILURES ")[2].partition(" SUMMARY ")[0]
    told = [line.strip()[:300] for line in section.splitlines() if line.strip()]
    return {
        "requests": int(cases[1].replace(",", "")) if cases else 0,
        "failures": int(failures[1]) if failures else 0,
        "told": told,
    }
