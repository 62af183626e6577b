-- Once per server, as its superuser: machi_migrate owns the tables, machi_app is the town, machi_ro only looks.
-- On somebody else's server run it by hand; give the roles passwords or a line in pg_hba.conf.

DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['machi_migrate', 'machi_app', 'machi_ro'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', v_role);
        END IF;
    END LOOP;
END $$;
ALTER ROLE machi_ro SET default_transaction_read_only = on;
ALTER ROLE machi_app SET idle_in_transaction_session_timeout = '60s';
