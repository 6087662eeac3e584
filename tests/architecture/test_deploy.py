"""The containers' description is sound, as far as it can be seen without an engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.setup.secrets import write_secrets
from meridian.rights.broker import BROKER_USERS, COMMANDED_BY, definitions
from meridian.rights.passwords import broker_hash, scram_verifier
from tests.architecture.tree import ROOT, SERVICES

DOCKERFILES = sorted((ROOT / "deploy").glob("*.Dockerfile"))
COMPOSE = ROOT / "docker-compose.yml"
_BIN = Path(sys.executable).parent
_SECRET = re.compile(
    r"(?i)(password|passwd|secret|token|api_?key)\w*([ \t]*=|:)[ \t]*['\"]?[^\s'\"${/\[]{4,}"
)
_EVERY_DOCKERFILE = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)


def _run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(_BIN / tool), *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def _compose() -> dict[str, Any]:
    loaded = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _processes() -> dict[str, dict[str, Any]]:
    """Return the containers that run Meridian's own code."""
    return {
        name: part for name, part in _compose()["services"].items() if part["image"].startswith("meridian-")
    }


def dockerfile_faults(text: str) -> list[str]:
    """Return what is wrong with a Dockerfile, beyond what hadolint looks at."""
    last_stage = text[text.rindex("\nFROM ") :]
    users = re.findall(r"^USER (\S+)", last_stage, re.MULTILINE)
    faults = []
    if not users or users[-1].split(":")[0] in ("root", "0"):
        faults.append("it runs as root")
    if not re.search(r"^HEALTHCHECK .*CMD|^HEALTHCHECK(.|\n)*?CMD", last_stage, re.MULTILINE):
        faults.append("it has no HEALTHCHECK")
    if re.search(r"^ADD ", text, re.MULTILINE):
        faults.append("ADD fetches and unpacks; use COPY")
    if _SECRET.search(text):
        faults.append(f"it holds a secret: {_SECRET.search(text)}")
    if re.search(r"^FROM \S+:latest|^FROM [^:\s]+$", text, re.MULTILINE):
        faults.append("its base is not pinned")
    if "pip install" in text and "--require-hashes" not in text:
        faults.append("packages are installed without their hashes")
    return faults


def test_the_compose_file_fits_the_specification() -> None:
    done = _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_misspelt_compose_file_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(
        COMPOSE.read_text(encoding="utf-8").replace("depends_on:", "depend_on:"), encoding="utf-8"
    )

    assert _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(wrong)).returncode != 0


@_EVERY_DOCKERFILE
def test_hadolint_finds_nothing(dockerfile: Path) -> None:
    done = _run("hadolint", str(dockerfile))

    assert done.returncode == 0, done.stdout + done.stderr


@_EVERY_DOCKERFILE
def test_an_image_is_safe(dockerfile: Path) -> None:
    assert not dockerfile_faults(dockerfile.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("USER 10001:10001", "USER root"), "it runs as root"),
        (("USER 10001:10001", ""), "it runs as root"),
        (("HEALTHCHECK", "LABEL x=y #"), "it has no HEALTHCHECK"),
        (("ENV PATH", "ENV DB_PASSWORD=hunter22 PATH"), "it holds a secret"),
        (("python:3.11-slim-bookworm", "python:latest"), "its base is not pinned"),
        (("--require-hashes ", ""), "packages are installed without their hashes"),
    ],
)
def test_an_unsafe_image_is_seen(change: tuple[str, str], fault: str) -> None:
    text = (ROOT / "deploy" / "service.Dockerfile").read_text(encoding="utf-8")
    assert change[0] in text

    assert any(found.startswith(fault) for found in dockerfile_faults(text.replace(*change)))


def test_an_image_holds_its_own_service_only() -> None:
    service = (ROOT / "deploy" / "service.Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--from)(\S+)", service, re.MULTILINE)
    gateway = (ROOT / "deploy" / "gateway.Dockerfile").read_text(encoding="utf-8")
    from_services = re.findall(r"^COPY services/\w+/(\S+) ", gateway, re.MULTILINE)

    own = {"requirements/runtime.txt", "libs/common/", "services/${SERVICE}/", "deploy/gunicorn.conf.py"}
    assert set(copied) == own
    assert from_services == ["contracts/"] * len(SERVICES), (
        "the gateway carries data of the services, never code"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_one_image_for_web_and_worker(service: str) -> None:
    name = service.replace("_", "-")
    processes = _processes()
    web, worker = processes[f"{name}-web"], processes[f"{name}-worker"]

    assert web["image"] == worker["image"] == f"meridian-{name}"
    assert web["build"]["args"] == {"SERVICE": service}
    assert web["env_file"] == worker["env_file"] == [f"deploy/secrets/{service}.env"]
    assert worker["command"] == ["python", "-m", f"services.{service}.worker"]
    assert [part["image"] for part in processes.values() if "build" in part].count(web["image"]) == 1


def test_every_process_is_confined() -> None:
    for name, part in _processes().items():
        assert part["read_only"] is True, name
        assert part["cap_drop"] == ["ALL"], name
        assert part["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in part, name
        assert part["mem_limit"], name


def test_only_the_gateway_is_reachable_from_outside() -> None:
    compose = _compose()
    open_ = [
        name for name, part in compose["services"].items() if "ports" in part or "outside" in part["networks"]
    ]

    assert open_ == ["gateway"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_the_gateway_knows_where_each_service_is() -> None:
    compose = _compose()["services"]
    environment = compose["gateway"]["environment"]

    for service in SERVICES:
        host = environment[f"MERIDIAN_{service.upper()}_URL"].removeprefix("http://").partition(":")[0]
        assert host in compose


def test_nothing_secret_is_written_down() -> None:
    checked = [
        COMPOSE,
        *DOCKERFILES,
        *(ROOT / "deploy" / "rabbitmq").iterdir(),
        *(ROOT / "deploy" / "postgres").iterdir(),
    ]

    for path in checked:
        assert not _SECRET.search(path.read_text(encoding="utf-8")), path.name
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_every_secret_that_compose_needs_is_made(tmp_path: Path) -> None:
    assert write_secrets(tmp_path / "secrets")
    made = {path.name for path in (tmp_path / "secrets").iterdir()}
    compose = _compose()
    needed = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    needed |= {Path(file).name for part in compose["services"].values() for file in part.get("env_file", ())}

    assert needed == made


def test_secrets_are_private_and_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    write_secrets(folder)
    before = (folder / "sales.env").read_text(encoding="utf-8")

    assert not write_secrets(folder)
    assert (folder / "sales.env").read_text(encoding="utf-8") == before
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "sales.env").stat().st_mode & 0o377 == 0


def test_a_service_publishes_in_its_own_name_only() -> None:
    wanted = definitions("m", dict.fromkeys(BROKER_USERS, "x"))
    rules = {
        (rule["user"].removeprefix("m_"), rule["exchange"]): rule["write"]
        for rule in wanted["topic_permissions"]
    }

    for service in SERVICES:
        for other in SERVICES:
            may_tell = bool(re.match(rules[service, "meridian.events"], f"{other}.thing.happened.v1"))
            may_order = bool(re.match(rules[service, "meridian.commands"], f"{other}.do_it.v1"))
            assert may_tell == (service == other)
            assert may_order == (other in COMMANDED_BY.get(service, ()))
    declares = {rule["user"]: rule["configure"] for rule in wanted["permissions"]}
    assert {user for user, pattern in declares.items() if pattern != "^$"} == {"m_operator"}
    assert wanted["vhosts"] == [{"name": "m"}]


@pytest.mark.parametrize("digest", [broker_hash, scram_verifier])
def test_passwords_are_stored_salted(digest: Callable[[str], str]) -> None:
    first, second = digest("same"), digest("same")

    assert first != second
    assert "same" not in json.dumps([first, second])


def test_the_servers_are_told_no_password_and_the_services_no_owner_s(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    write_secrets(folder)
    secrets = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    owners = _passwords(secrets.pop("owners.json"))
    users = _passwords(secrets["target.json"]) | _passwords(secrets["sales.env"])

    assert len(owners) == len(SERVICES) + 1
    assert not [name for name, text in secrets.items() for secret in owners if secret in text]
    for_servers = secrets["postgres.env"] + secrets["rabbitmq-definitions.json"]
    assert not [secret for secret in users if secret in for_servers]


def _passwords(text: str) -> set[str]:
    return set(re.findall(r"://[^:/]+:([^@]+)@", text))


def test_only_the_container_that_migrates_sees_the_owners_logins() -> None:
    holders = [
        name
        for name, part in _compose()["services"].items()
        if "owners.json" in json.dumps(part.get("secrets", ()))
    ]

    assert holders == ["prepare"]
