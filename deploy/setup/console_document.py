"""Writes the OpenAPI document of the whole system, from the committed contracts, for the console's typed client.

    python -m deploy.setup.console_document FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gateway.api import documents
from gateway.settings import SERVICES

_ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Merge the gateway's contract with those of the services, as the gateway itself does."""
    own = json.loads((_ROOT / "gateway" / "contracts" / "http.json").read_text(encoding="utf-8"))
    merged = documents.merge(own, documents.read_contracts(_ROOT / "services", SERVICES))
    Path(sys.argv[1]).write_text(json.dumps(merged), encoding="utf-8")


if __name__ == "__main__":
    main()
