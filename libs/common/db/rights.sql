-- What the run-time role may do with each table: read, add, change and delete rows, and nothing else. What a table's
-- own triggers refuse (refuse_change) is not granted either, so append-only is said in one place and holds twice.
-- Partitions are reached through their table only. Run by the owner at the end of every migration; it touches
-- nothing that is right already. The run-time role is called like the database; where there is none, as in tests
-- and on one's own server, nobody is granted anything.
DO $rights$
DECLARE
    runner CONSTANT name := current_database();
    every CONSTANT text[] := '{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}';
    thing record;
    wanted text[];
    held text[];
BEGIN
    IF current_user = runner OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runner) THEN
        RETURN;
    END IF;

    FOR thing IN
        SELECT c.oid, c.oid::regclass::text AS name, c.relispartition AS is_partition,
            c.relname IN ('mechanism_version', 'service_version') AS is_version,
            bool_or(coalesce(t.tgtype & 16 = 16, false)) AS refuses_update,
            bool_or(coalesce(t.tgtype & 8 = 8, false)) AS refuses_delete
        FROM pg_class c
        -- refusals of whole rows; one that looks at columns or at a condition leaves something to be changed
        LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgfoid = 'public.refuse_change'::regproc
            AND t.tgattr = '' AND t.tgqual IS NULL
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        GROUP BY c.oid
    LOOP
        wanted := CASE WHEN thing.is_partition THEN '{}' WHEN thing.is_version THEN '{SELECT}'
            ELSE '{SELECT,INSERT}'::text[]
                || CASE WHEN thing.refuses_update THEN '{}' ELSE '{UPDATE}'::text[] END
                || CASE WHEN thing.refuses_delete THEN '{}' ELSE '{DELETE}'::text[] END
            END;
        SELECT coalesce(array_agg(act), '{}') INTO held FROM unnest(every) act
        WHERE has_table_privilege(runner, thing.oid, act);
        IF NOT (held <@ wanted AND wanted <@ held) THEN
            EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, %I', thing.name, runner);
            IF wanted <> '{}' THEN
                EXECUTE format('GRANT %s ON %s TO %I', array_to_string(wanted, ', '), thing.name, runner);
            END IF;
        END IF;
    END LOOP;

    FOR thing IN
        SELECT c.oid::regclass::text AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace
            -- a CASE, because the question must not be put about anything but a sequence
            AND CASE c.relkind WHEN 'S' THEN NOT has_sequence_privilege(runner, c.oid, 'USAGE') END
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', thing.name, runner);
    END LOOP;

    FOR thing IN
        SELECT p.oid::regprocedure::text AS name, p.prorettype = 'trigger'::regtype AS is_trigger
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
            AND has_function_privilege(runner, p.oid, 'EXECUTE') = (p.prorettype = 'trigger'::regtype)
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, %I', thing.name, runner);
        IF NOT thing.is_trigger THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', thing.name, runner);
        END IF;
    END LOOP;
END
$rights$;
