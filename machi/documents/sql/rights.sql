-- The role of the town may read papers and add new ones, and let what stands on them leave; machi_ro may look. May be run again, as the owner.

DO $$
DECLARE
    c_tables constant text := 'documents_document, documents_documenttext';
    v_role text;
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', c_tables);
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('machi_app', 'machi_ro') LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %I', c_tables, v_role);
        EXECUTE format('GRANT SELECT%s ON %s TO %I', CASE v_role WHEN 'machi_app' THEN ', INSERT' ELSE '' END, c_tables, v_role);
        IF v_role = 'machi_app' THEN
            EXECUTE format('GRANT DELETE ON documents_documenttext TO %I', v_role);
        END IF;
    END LOOP;
END $$;
