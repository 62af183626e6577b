-- The role of the town may read the books and call the posting functions, nothing else; machi_ro may look.
-- May be run again at any time, as the owner of the tables. On a server without these roles it only shuts out PUBLIC.

DO $$
DECLARE
    c_tables constant text := 'ledger_account, ledger_entry, ledger_transfer, ledger_balance, ledger_seal';
    c_posting constant text := 'ledger_post_entry, ledger_post_entries, ledger_hold, ledger_seal_until';
    c_reading constant text := 'ledger_digest, ledger_broken_seals';
    c_inner constant text := 'ledger_open, ledger_posted_before, ledger_move, ledger_refuse_change';
    v_role text;
BEGIN
    -- PostgreSQL lets everybody call a new function unless told otherwise
    FOR v_role IN SELECT 'PUBLIC' UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN ('machi_app', 'machi_ro') LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s', c_tables, v_role);
        EXECUTE format('REVOKE ALL ON FUNCTION %s, %s, %s FROM %s', c_posting, c_reading, c_inner, v_role);
        IF v_role <> 'PUBLIC' THEN
            EXECUTE format('GRANT SELECT ON %s TO %s', c_tables, v_role);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', c_reading, v_role);
        END IF;
        IF v_role = 'machi_app' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', c_posting, v_role);
        END IF;
    END LOOP;
END $$;
