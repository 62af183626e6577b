-- The sums that were kept at a seal are read by the town and by machi_ro; only the seal writes them. May be run again at any time.

DO $$
DECLARE
    v_role text;
BEGIN
    FOR v_role IN SELECT 'PUBLIC' UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN ('machi_app', 'machi_ro') LOOP
        EXECUTE format('REVOKE ALL ON ledger_daysum FROM %s', v_role);
        EXECUTE format('REVOKE ALL ON FUNCTION ledger_moved, ledger_sealed_until, ledger_sum FROM %s', v_role);
        IF v_role <> 'PUBLIC' THEN
            EXECUTE format('GRANT SELECT ON ledger_daysum TO %s', v_role);
            EXECUTE format('GRANT EXECUTE ON FUNCTION ledger_moved, ledger_sealed_until, ledger_sum TO %s', v_role);
        END IF;
    END LOOP;
END $$;
