"""The tests' own PostgreSQL: it answers, it never waits for a disk, and nothing of it stays."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from deploy.setup import servers, throwaway_postgres

PLAIN = "postgresql://"


@pytest.mark.skipif(throwaway_postgres.programs() is None, reason="PostgreSQL's programs are not installed")
def test_it_lives_as_long_as_the_run_and_leaves_nothing() -> None:
    with ExitStack() as stack:
        url = throwaway_postgres.start(stack)
        assert url is not None
        servers.probe_postgres(url)
        with psycopg.connect(url.replace("postgresql+psycopg://", PLAIN)) as connection:
            (fsync,) = connection.execute("SHOW fsync").fetchone() or ()
            (folder,) = connection.execute("SHOW data_directory").fetchone() or ()
        assert fsync == "off"
        assert Path(folder).is_dir()

    assert not Path(folder).exists()
    with pytest.raises(servers.Unusable):
        servers.probe_postgres(url)


def test_what_a_killed_run_left_is_removed_and_what_a_running_one_has_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throwaway_postgres, "_where", lambda: tmp_path)
    mine = tmp_path / f"meridian-test-postgres-{os.getpid()}-abc"
    killed = tmp_path / "meridian-test-postgres-999999999-abc"
    for folder in (mine, killed, tmp_path / "another"):
        folder.mkdir()

    assert throwaway_postgres._abandoned() == [killed]
