-- The role of the town may read facts and add new ones; machi_ro may look. May be run again, as the owner of the table.

DO $$
DECLARE
    v_role text;
BEGIN
    REVOKE ALL ON activity_fact FROM PUBLIC;
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('machi_app', 'machi_ro') LOOP
        EXECUTE format('REVOKE ALL ON activity_fact FROM %I', v_role);
        EXECUTE format('GRANT SELECT%s ON activity_fact TO %I', CASE v_role WHEN 'machi_app' THEN ', INSERT' ELSE '' END, v_role);
    END LOOP;
END $$;
