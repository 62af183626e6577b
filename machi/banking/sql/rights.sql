-- The role of the town may read lines and add new ones, and let words about people go; machi_ro may look. May be run again, as the owner.

DO $$
DECLARE
    c_tables constant text := 'banking_import, banking_bankrow, banking_bankwords';
    v_role text;
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', c_tables);
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('machi_app', 'machi_ro') LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %I', c_tables, v_role);
        EXECUTE format('GRANT SELECT%s ON %s TO %I', CASE v_role WHEN 'machi_app' THEN ', INSERT' ELSE '' END, c_tables, v_role);
        IF v_role = 'machi_app' THEN
            EXECUTE format('GRANT DELETE ON banking_bankwords TO %I', v_role);
        END IF;
    END LOOP;
END $$;
