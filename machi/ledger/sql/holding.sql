-- Before several entries in one transaction: their accounts are held, and opened where they are new, in ascending number, as one entry
-- would do it. Whoever posts meanwhile waits for the first of them, and nobody waits in a circle.

CREATE OR REPLACE FUNCTION ledger_hold(p_accounts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c_town constant bigint := 50000000000000;
    v_account bigint;
BEGIN
    FOR v_account IN SELECT DISTINCT account FROM unnest(p_accounts) AS a (account) WHERE account < c_town ORDER BY account
    LOOP
        PERFORM FROM ledger_balance WHERE account_id = v_account FOR NO KEY UPDATE;
        CONTINUE WHEN FOUND;
        PERFORM ledger_open(v_account);
        INSERT INTO ledger_balance (account_id, balance_yen) VALUES (v_account, 0) ON CONFLICT DO NOTHING;
        PERFORM FROM ledger_balance WHERE account_id = v_account FOR NO KEY UPDATE;
    END LOOP;
END $$;
