"""Each service runs from a copy that holds only its own folder and ``libs/common``.

Import contracts do not see an import by name (``importlib.import_module``); a tree without the others does.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.architecture.tree import SERVICES, copy_python, run_python

_START = """
import importlib, importlib.util, json, sys
from libs.common.db import Database, migrate
from libs.common.web import SigningKeys, document_of

service = sys.argv[1]
database = Database("sqlite:///alone.db", service=service)
migrate(database, f"services/{service}/migrations")
app = importlib.import_module(f"services.{service}.app").create_app(database, SigningKeys.fresh().verifier())
client = app.test_client()
paths = document_of(app)["paths"]
listed = next(path for path, verbs in paths.items() if "get" in verbs and "{" not in path and "/api/" in path)
seen = {
    "live": client.get("/health/live").status_code,
    "ready": client.get("/health/ready").status_code,
    "without_token": client.get(listed).status_code,
    "operations": sum(len(verbs) for path, verbs in paths.items() if path.startswith("/api/v1/")),
    "broker_loaded": sorted({"kombu", "pika", "amqp"} & set(sys.modules)),
}
worker = importlib.import_module(f"services.{service}.worker")
seen["listens_as"] = worker.SUBSCRIPTIONS.service
seen["jobs"] = [job.name for job in worker.JOBS]
database.close()
print(json.dumps(seen))
"""


def _alone(tree: Path, service: str) -> Path:
    copy_python(tree, f"services/{service}", "libs/common", tests=False)
    return tree


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_without_the_others(tmp_path: Path, service: str) -> None:
    done = run_python(_alone(tmp_path, service), "-c", _START, service)

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert (seen["live"], seen["ready"], seen["without_token"]) == (200, 200, 401)
    assert seen["operations"] > 0
    assert seen["listens_as"] == service
    assert seen["broker_loaded"] == [], "the web process loads the broker's client"


_START_GATEWAY = """
import json, sys
from pathlib import Path
from gateway.app import application
from libs.common.db import Database, migrate

migrate(Database("sqlite:///alone.db", service="gateway"), "gateway/migrations")
client = application().test_client()
answers = [client.get(path).status_code for path in ("/health/live", "/health/ready", "/api/v1/auth/me")]
print(json.dumps({"answers": answers, "broker_loaded": sorted({"kombu", "pika", "amqp"} & set(sys.modules))}))
"""


def test_the_gateway_starts_without_any_service(tmp_path: Path) -> None:
    copy_python(tmp_path, "gateway", "libs/common", tests=False)
    settings = {
        "MERIDIAN_DATABASE_URL": "sqlite:///alone.db",
        "MERIDIAN_SIGNING_KEYS_FILE": str(tmp_path / "signing.json"),
        "MERIDIAN_TOKEN_KEYS_FILE": str(tmp_path / "public.json"),
    }

    done = run_python(tmp_path, "-c", _START_GATEWAY, environment=settings)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"answers": [200, 200, 401], "broker_loaded": []}


def test_reaching_another_service_by_name_is_caught(tmp_path: Path) -> None:
    tree = _alone(tmp_path, "sales")
    with (tree / "services/sales/app.py").open("a", encoding="utf-8") as app:
        app.write('\nimport importlib\nimportlib.import_module("services.crm.events")\n')

    done = run_python(tree, "-c", _START, "sales")

    assert done.returncode != 0
    assert "No module named 'services.crm'" in done.stderr
