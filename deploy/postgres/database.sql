-- Closes one database to everybody but its own two roles; run in it by the administrator who ran roles.sql. What the
-- run-time role may do with each table is not said here: every migration ends with libs/common/db/rights.sql.
DO $database$
DECLARE
    runner CONSTANT text := current_database();
    owner CONSTANT text := runner || '_owner';
    thing record;
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO %I', runner, owner);
    EXECUTE format('ALTER SCHEMA public OWNER TO %I', owner);
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', runner);
    EXECUTE 'REVOKE ALL ON SCHEMA public FROM PUBLIC';
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', runner, runner);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', runner);

    -- After a restore, tables belong to who restored them.
    FOR thing IN
        SELECT c.oid::regclass::text AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            AND pg_get_userbyid(c.relowner) <> owner
            -- a sequence follows the table that it belongs to
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')
                AND d.classid = 'pg_class'::regclass AND c.relkind = 'S')
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO %I', thing.name, owner);
    END LOOP;
    FOR thing IN
        SELECT p.oid::regprocedure::text AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND pg_get_userbyid(p.proowner) <> owner
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', thing.name, owner);
    END LOOP;
END
$database$;
