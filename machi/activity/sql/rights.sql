-- What is added to and never changed: the role of the town may read these tables and add rows; machi_ro may look. From those in p_may_go rows
-- may go again, because they hold words about people. May be run again, as the owner of the tables; other rooms call it for theirs.

CREATE OR REPLACE FUNCTION activity_only_add(p_tables text[], p_may_go text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_table text;
    v_role text;
BEGIN
    FOREACH v_table IN ARRAY p_tables || p_may_go LOOP
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', v_table);
        FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('machi_app', 'machi_ro') LOOP
            EXECUTE format('REVOKE ALL ON %I FROM %I', v_table, v_role);
            EXECUTE format('GRANT SELECT ON %I TO %I', v_table, v_role);
            IF v_role = 'machi_app' THEN
                EXECUTE format('GRANT INSERT%s ON %I TO %I', CASE WHEN v_table = ANY (p_may_go) THEN ', DELETE' ELSE '' END, v_table, v_role);
            END IF;
        END LOOP;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION activity_only_add FROM PUBLIC;

SELECT activity_only_add('{activity_fact}');
