"""A running service reads and writes the rows of its own database, and can do nothing else on the server."""

from __future__ import annotations

import itertools
import json
import os

import psycopg
import psycopg.errors
import pytest
from sqlalchemy.engine import make_url

from libs.common.db import Database, ensure_event_log_partitions
from libs.common.testing.databases import postgres_url
from libs.common.testing.time import ManualClock
from meridian.local.servers import drop_databases, prepare_databases
from meridian.rights.passwords import Passwords
from meridian.topography import STORES
from tests.security.privilege.conftest import Rooms

pytestmark = pytest.mark.postgres

_PAIRS = list(itertools.permutations(STORES, 2))
_EVERYWHERE = {
    "event_log",
    "form_version",
    "dead_letter_act",
    "approval_flow",
    "approval_barred",
    "approval_superior",
    "approval_act",
}
APPEND_ONLY = {
    "crm": _EVERYWHERE,
    "sales": _EVERYWHERE
    | {"order_type", "company_profile", "quotation_choice", "quotation_link_act", "tax_rate", "tax_setting"}
    | {"order_change_line"},
    "inventory": _EVERYWHERE
    | {"stock_move", "supply_policy", "supplier_price", "purchasing_rule", "purchase_receipt_line"}
    | {"bom", "bom_component", "production_report", "production_consumption"}
    | {"pick_record", "proof_of_delivery", "delay_notice", "queue_rule"}
    | {"revaluation", "stock_count_entry", "serial_event"},
    "finance": _EVERYWHERE
    | {"journal_entry", "journal_seal", "posting", "invoice_line", "allocation", "limit_change"}
    | {"bank_statement", "dunning_policy", "period_lock", "reminder", "reminder_line"}
    | {"credit_note_line", "credit_allocation", "exchange_rate", "company_posting"}
    | {"credit_policy", "credit_group_limit", "write_off_tolerance"}
    | {"payment_terms", "customer_terms", "invoice_instalment"}
    | {"ledger_chart", "goods_receipt", "goods_receipt_line", "match_policy"}
    | {"supplier_invoice_line", "supplier_payment", "supplier_allocation"}
    | {"invoice_deduction", "cash_discount", "cash_discount_part"}
    | {
        "goods_sent_back",
        "goods_sent_back_line",
        "supplier_credit_note_line",
        "supplier_credit_allocation",
        "exchange_revaluation",
        "exchange_revaluation_part",
    },
    "service_desk": _EVERYWHERE,
    "gateway": _EVERYWHERE,
}
_UNDELETABLE = {
    "finance": {
        "invoice",
        "payment",
        "credit_note",
        "credited_line",
        "credit_override",
        "write_off",
        "refund",
        "supplier_invoice",
        "supplier_credit_note",
        "arrival",
    }
}

# What would be the end of the rows' integrity, of the other databases, or of the server.
FORBIDDEN = {
    "create a table": "CREATE TABLE loot (x int)",
    "create a table of its session": "CREATE TEMPORARY TABLE loot (x int)",
    "create a schema": "CREATE SCHEMA loot",
    "create a function": "CREATE FUNCTION loot() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "create an extension": "CREATE EXTENSION pg_trgm",
    "drop a table": "DROP TABLE outbox",
    "change a table": "ALTER TABLE outbox ADD COLUMN loot int",
    "switch triggers off": "ALTER TABLE event_log DISABLE TRIGGER ALL",
    "switch triggers off for its session": "SET session_replication_role = replica",
    "empty a table": "TRUNCATE outbox",
    "empty the history": "TRUNCATE event_log",
    "index a table": "CREATE INDEX loot ON outbox (seq)",
    "change a partition behind its table": "DELETE FROM event_log_default",
    "say which migrations have run": "DELETE FROM mechanism_version",
    "read password digests": "SELECT * FROM pg_shadow",
    "read roles' secrets": "SELECT * FROM pg_authid",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "write a file": "COPY outbox TO '/tmp/loot'",
    "run a program": "COPY outbox TO PROGRAM 'true'",
    "create a role": "CREATE ROLE loot",
    "create a database": "CREATE DATABASE loot",
    "grant what it has": "GRANT SELECT ON outbox TO PUBLIC",
    "let others in": "GRANT CONNECT ON DATABASE {name} TO PUBLIC",
    "become the owner": "SET ROLE {name}_owner",
    "rise to the top": "ALTER ROLE {name} SUPERUSER",
    "speak for everybody": "SET SESSION AUTHORIZATION {name}_owner",
    "put the numbers back": "SELECT setval('event_log_seq', 1)",
}


@pytest.mark.parametrize("role", ["running", "owner"])
@pytest.mark.parametrize(("store", "other"), _PAIRS, ids=[f"{one} in {two}" for one, two in _PAIRS])
def test_a_database_lets_nobody_in_but_its_own_two_roles(
    rooms: Rooms, role: str, store: str, other: str
) -> None:
    login = rooms.running if role == "running" else rooms.owner

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        login(store, other)


@pytest.mark.parametrize("store", STORES)
def test_a_service_gets_into_its_own_database_as_itself(rooms: Rooms, store: str) -> None:
    with rooms.running(store) as connection:
        row = connection.execute("SELECT current_user, current_database()").fetchone()

    assert row == (rooms.named(store), rooms.named(store))


@pytest.mark.parametrize("store", STORES)
def test_a_service_can_do_nothing_beyond_rows(rooms: Rooms, store: str) -> None:
    done = []
    with rooms.running(store) as connection:
        for what, statement in FORBIDDEN.items():
            notices: list[str] = []
            connection.add_notice_handler(lambda note: notices.append(note.sqlstate or ""))  # noqa: B023
            try:
                connection.execute(statement.format(name=rooms.named(store)).encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            if "01007" not in notices:  # a GRANT without the right to grant: nothing was granted
                done.append(what)

    assert done == []


@pytest.mark.parametrize("store", STORES)
def test_rights_on_tables_are_rows_only_and_append_only_where_triggers_say_so(
    rooms: Rooms, store: str
) -> None:
    question = """
        SELECT c.relname, array(
            SELECT act FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) act
            WHERE has_table_privilege(%s, c.oid, act))
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    """
    with rooms.superuser(store) as connection:
        rights = dict(connection.execute(question, (rooms.named(store),)).fetchall())

    versions = {"mechanism_version", "service_version"}
    assert {table for table, acts in rights.items() if acts == ["SELECT"]} == versions
    assert {table for table, acts in rights.items() if acts == ["SELECT", "INSERT"]} == APPEND_ONLY[store]
    undeletable = {table for table, acts in rights.items() if acts == ["SELECT", "INSERT", "UPDATE"]}
    assert undeletable == _UNDELETABLE.get(store, set())
    rest = {
        tuple(acts)
        for table, acts in rights.items()
        if table not in versions | APPEND_ONLY[store] | undeletable
    }
    assert rest == {("SELECT", "INSERT", "UPDATE", "DELETE")}


@pytest.mark.parametrize("store", STORES)
def test_what_is_append_only_is_not_changed_by_a_service(rooms: Rooms, store: str) -> None:
    with rooms.running(store) as connection:
        for table in sorted(APPEND_ONLY[store]):
            connection.execute(f"SELECT * FROM {table} LIMIT 1".encode())
            column = connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", (table,)
            ).fetchone()
            assert column is not None
            for change in (f"UPDATE {table} SET {column[0]} = {column[0]}", f"DELETE FROM {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(change.encode())


@pytest.mark.parametrize("store", STORES)
def test_nothing_is_granted_to_everybody(rooms: Rooms, store: str) -> None:
    question = """
        SELECT 'database ' || datname FROM pg_database, aclexplode(datacl) a
            WHERE datname = current_database() AND a.grantee = 0
        UNION ALL SELECT 'schema ' || nspname FROM pg_namespace, aclexplode(nspacl) a
            WHERE nspname = 'public' AND a.grantee = 0
        UNION ALL SELECT relname FROM pg_class, aclexplode(relacl) a
            WHERE relnamespace = 'public'::regnamespace AND a.grantee = 0
    """
    with rooms.superuser(store) as connection:
        assert connection.execute(question).fetchall() == []
        assert connection.execute(
            "SELECT datacl FROM pg_database WHERE datname = current_database()"
        ).fetchone()


@pytest.mark.parametrize("store", STORES)
def test_the_roles_are_ordinary_limited_and_known_by_a_digest(rooms: Rooms, store: str) -> None:
    question = """
        SELECT r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls,
            a.rolpassword LIKE 'SCRAM-SHA-256$4096:%%', coalesce(r.rolconfig, '{}')
        FROM pg_roles r JOIN pg_authid a USING (oid) WHERE r.rolname = %s
    """
    with rooms.superuser(store) as connection:
        running = connection.execute(question, (rooms.named(store),)).fetchone()
        owner = connection.execute(question, (f"{rooms.named(store)}_owner",)).fetchone()

    assert running is not None
    assert owner is not None
    assert (running[:2], owner[:2]) == ((False, True), (False, True))
    assert {"statement_timeout=30s", "lock_timeout=10s", "idle_in_transaction_session_timeout=60s"} < set(
        running[2]  # type: ignore[call-overload]
    )


def test_the_passwords_are_for_their_owner_only_and_stay(rooms: Rooms) -> None:
    file = rooms.home / "passwords.json"
    before = file.read_text(encoding="utf-8")

    assert rooms.prepare() == []
    assert file.read_text(encoding="utf-8") == before
    assert {path.stat().st_mode & 0o777 for path in (file, rooms.home / "owners.json")} == {0o600}
    kept = [secret for group in json.loads(before).values() for secret in group.values()]
    assert len(set(kept)) == len(kept) > len(STORES)
    assert min(map(len, kept)) >= 32


def test_the_table_of_a_later_migration_is_covered_and_one_of_a_restore_comes_home(rooms: Rooms) -> None:
    with rooms.superuser("crm") as connection:
        connection.execute("CREATE TABLE restored (id serial PRIMARY KEY)")
        connection.execute("CREATE TABLE ledger_of_later (id int)")
        connection.execute(
            "CREATE TRIGGER fixed BEFORE UPDATE OR DELETE ON ledger_of_later "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        rooms.prepare()
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        assert owners == [(f"{rooms.named('crm')}_owner",)]
    rooms.target.migrate()

    with rooms.running("crm") as connection:
        connection.execute("INSERT INTO restored DEFAULT VALUES")
        connection.execute("DELETE FROM restored")
        connection.execute("INSERT INTO ledger_of_later VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM ledger_of_later")
    with rooms.owner("crm") as connection:
        connection.execute("DROP TABLE restored, ledger_of_later")


def test_a_service_adds_the_partitions_of_its_history_by_itself(rooms: Rooms) -> None:
    database = Database(rooms.target.database_urls["crm"], service="crm", clock=ManualClock())
    try:
        ensure_event_log_partitions(database)
    finally:
        database.close()

    with rooms.superuser("crm") as connection:
        found = connection.execute(
            "SELECT relname, relowner::regrole::text, relacl FROM pg_class WHERE relname LIKE 'event_log_2026_0_' "
            "AND relkind = 'r' ORDER BY 1"
        ).fetchall()
    owner = f"{rooms.named('crm')}_owner"
    assert found == [(f"event_log_2026_0{month}", owner, None) for month in (3, 4, 5)]


def test_a_role_that_somebody_made_mighty_stops_the_start(rooms: Rooms) -> None:
    role = rooms.named("gateway")
    with rooms.superuser("gateway") as connection:
        connection.execute(f'ALTER ROLE "{role}" CREATEDB'.encode())
        try:
            with pytest.raises(psycopg.errors.RaiseException, match="rights over the whole server"):
                rooms.prepare()
        finally:
            connection.execute(f'ALTER ROLE "{role}" NOCREATEDB'.encode())


def test_where_roles_cannot_be_made_it_is_said(rooms: Rooms) -> None:
    """An ordinary user who may create databases, as servers of others give away."""
    user, prefix, said = f"plain_{os.getpid()}", f"{rooms.prefix}_plain", list[str]()
    with rooms.superuser("crm") as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN CREATEDB PASSWORD '{user}'".encode())
        try:
            url = (
                make_url(postgres_url())
                .set(username=user, password=user)
                .render_as_string(hide_password=False)
            )
            urls = prepare_databases(url, prefix, Passwords.fresh(), said.append)
        finally:
            drop_databases(postgres_url(), prefix)
            connection.execute(f"DROP ROLE {user}".encode())

    assert urls.owners == {}
    assert all(f"//{user}:" in url for url in urls.running.values())
    assert said == [f"{user} may not make roles in PostgreSQL, so every service works as that user"]
