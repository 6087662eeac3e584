-- The two roles of one database, made or mended by an administrator, in any database of the server. Run again, it
-- changes nothing but the passwords. Afterwards: CREATE DATABASE <name> OWNER <name>_owner, and database.sql in it.
--
-- Settings that it reads:
--   meridian.database         what the database is called; its run-time role is called the same
--   meridian.password         the run-time role's password, or its SCRAM verifier, which no log can give away
--   meridian.owner_password   the same for the owner
DO $roles$
DECLARE
    runner CONSTANT text := current_setting('meridian.database');
    owner CONSTANT text := runner || '_owner';
    too_mighty text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) THEN
        EXECUTE format('CREATE ROLE %I LOGIN', owner);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runner) THEN
        EXECUTE format('CREATE ROLE %I LOGIN', runner);
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', owner, current_setting('meridian.owner_password'));
    EXECUTE format('ALTER ROLE %I PASSWORD %L', runner, current_setting('meridian.password'));

    -- The limits of libs/common/db/engine.py, for whoever else logs in with this role.
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', runner, '30s');
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', runner, '10s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', runner, '60s');
    EXECUTE format('ALTER ROLE %I SET search_path = public', runner);

    -- Who makes a database for an owner must be a member of it; a superuser is one of every role.
    IF NOT pg_has_role(owner, 'USAGE') THEN
        EXECUTE format('GRANT %I, %I TO CURRENT_USER', owner, runner);
    END IF;

    SELECT string_agg(rolname, ', ') INTO too_mighty FROM pg_roles
    WHERE rolname IN (owner, runner)
        AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls);
    IF too_mighty IS NOT NULL THEN
        RAISE EXCEPTION 'somebody gave rights over the whole server to %; take them away first', too_mighty;
    END IF;
END
$roles$;
