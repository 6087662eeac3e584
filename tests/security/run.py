"""``make security``: the whole corpus against a served system, Schemathesis for every role, and one page of figures."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.security.attack import attacks
from tests.security.campaign import Campaign, describe, sample, summary
from tests.security.operations import fetched
from tests.security.page import write_page
from tests.security.schema_run import ROLES, run_schemathesis
from tests.security.served import Served, served
from tests.security.shelf import Shelf

SEED = 20260302
ROOT = Path(__file__).resolve().parents[2]
WARM = 2_000


def corpus(running: Served, share: int | None, only: str) -> dict[str, Any]:
    """Send the corpus, or ``share`` attacks per operation of it, and return the figures."""
    campaign = Campaign(Shelf(running.system), fresh_most=8)
    begun, warm, shown = time.monotonic(), 0.0, 0
    try:
        for operation in [each for each in fetched(running.url) if only in each.name]:
            every = list(attacks(operation))
            campaign.against(operation, every if share is None else sample(every, share, SEED))
            if not warm and campaign.tally.requests > WARM:
                warm = running.memory_mib()
            for fault in campaign.tally.faults[shown : shown + 5]:
                print(f"  {fault.kind}: {fault.request} -> {fault.told}")
            faults = shown = len(campaign.tally.faults)
            print(f"  {operation.name:58} {campaign.tally.requests:8,} sent, {faults} forbidden", flush=True)
        print(describe(campaign.tally))
    finally:
        campaign.close()
    memory = {"warm_mib": round(warm, 1), "end_mib": round(running.memory_mib(), 1)}
    return summary(campaign.tally) | {"seconds": round(time.monotonic() - begun), "memory": memory}


def main() -> int:
    """Run what is asked for and return 1 when anything forbidden was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=("embedded", "production"), default="embedded")
    parser.add_argument("--share", type=int, help="attacks per operation; left out: all of them")
    parser.add_argument("--only", default="", help="operations whose name contains this")
    parser.add_argument(
        "--examples", type=int, default=30, help="Schemathesis: examples per operation and role"
    )
    parser.add_argument("--no-page", action="store_true", help="leave docs/reference/security.* alone")
    chosen = parser.parse_args()
    found: dict[str, Any] = {"shape": chosen.shape, "seed": SEED}
    with tempfile.TemporaryDirectory() as home, served(chosen.shape, Path(home)) as running:
        print(f"corpus against the {chosen.shape} shape at {running.url}")
        found["corpus"] = corpus(running, chosen.share, chosen.only)
        if chosen.examples:
            found["schemathesis"] = [
                run_schemathesis(running, role, chosen.examples, SEED, chosen.only) for role in ROLES
            ]
        found["memory_end_mib"] = round(running.memory_mib(), 1)
    found["requests"] = found["corpus"]["requests"] + sum(
        each["requests"] for each in found.get("schemathesis", [])
    )
    forbidden = sum(found["corpus"]["faults"].values()) + found["corpus"]["unexplained"]
    forbidden += sum(each["failures"] for each in found.get("schemathesis", []))
    found["forbidden"] = forbidden
    if not chosen.no_page:
        write_page(ROOT / "docs" / "reference", found)
    print(json.dumps(found, ensure_ascii=False))
    return 1 if forbidden else 0


if __name__ == "__main__":
    sys.exit(main())
