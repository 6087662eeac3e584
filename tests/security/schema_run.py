"""Schemathesis on every operation of a document, as one role after another, with a fixed seed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from libs.common.web import SigningKeys
from meridian.topography import ROOT
from tests.security.doors import Door
from tests.security.judge import SLOWEST_S
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
LOGIN_ROUTES = "/auth/(login|logout|refresh|password)$"
ALL_PHASES = "examples,coverage,fuzzing"
PATIENCE_S = 5_400
_CASES = re.compile(r"([0-9,]+) generated")
_FAILURES = re.compile(r"found ([0-9]+) unique failure")


@dataclass(frozen=True)
class Plan:
    """How much is sent, and to what: ``only`` is a part of a path; ``slowest_s`` fails an answer that takes longer."""

    examples: int
    seed: int
    only: str = ""
    phases: str = ALL_PHASES
    slowest_s: float | None = SLOWEST_S


def run_schemathesis(
    running: Served, door: Door, role: str, plan: Plan, subject: str | None = None
) -> dict[str, Any]:
    """Attack ``door`` as ``role`` and return requests, failures and what they were.

    ``subject`` is the user's id, by default that of the person who has the role. The routes for logging in are left
    out unless ``plan`` names them: they want a user of their own, whom the wrong passwords lock out.
    """
    begun = time.monotonic()
    keys = running.system.target.signing_keys
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_text(json.dumps(door.document(SigningKeys.load(keys))), encoding="utf-8")
        done = subprocess.run(
            _command(document, door, plan),
            env=os.environ | _environment(running, door, role, subject),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    found = read(done.stdout + done.stderr, done.returncode)
    found |= {"door": door.name, "role": role, "seconds": round(time.monotonic() - begun)}
    print(
        f"  schemathesis at {door.name:12} as {role:14} {found['requests']:8,} requests, "
        f"{found['failures']} failures",
        flush=True,
    )
    for line in found["told"][:20]:
        print(f"    {line}")
    return found


def _command(document: Path, door: Door, plan: Plan) -> list[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", str(document), "--url", door.url,
        "--checks", ",".join(CHECKS), "--phases", plan.phases, "--max-examples", str(plan.examples),
        "--seed", str(plan.seed), "--continue-on-failure", "--no-shrink", "--request-timeout", "40",
        "--warnings", "off", "--suppress-health-check", "all", "--no-color",
    ]  # fmt: skip
    if plan.slowest_s is not None:
        command += ["--max-response-time", str(plan.slowest_s)]
    if plan.only != LOGIN_ROUTES:
        command += ["--exclude-path-regex", LOGIN_ROUTES]
    return [*command, "--include-path-regex", plan.only] if plan.only else command


def _environment(running: Served, door: Door, role: str, subject: str | None) -> dict[str, str]:
    return {
        "SCHEMATHESIS_HOOKS": "tests.security.schema_login",
        "PYTHONPATH": str(ROOT),
        "HOSTILE_KEYS": str(running.system.target.signing_keys.resolve()),
        "HOSTILE_AUDIENCE": door.audience,
        "HOSTILE_SUBJECT": subject or running.system[ROLES[role]].get("/auth/me")["id"],
        "HOSTILE_ROLES": role,
    }


def read(said: str, code: int) -> dict[str, Any]:
    """Read the count of requests and what failed; a run that ended otherwise than well has failed at least once."""
    cases, failures = _CASES.search(said), _FAILURES.search(said)
    found = int(failures[1]) if failures else 0
    section = said.partition(" FAILURES ")[2].partition(" SUMMARY ")[0]
    if not found and (code or cases is None):
        found, section = 1, said[-4_000:]
    told = [line.strip()[:300] for line in section.splitlines() if line.strip()]
    return {"requests": int(cases[1].replace(",", "")) if cases else 0, "failures": found, "told": told}
