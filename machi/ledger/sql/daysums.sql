-- At each seal the sum of every account that moved is kept, up to that moment. Whoever wants a balance of the town, or asks whether the
-- books are right since the last seal, reads the kept sum and what came after it, however long the town's history is.

CREATE OR REPLACE FUNCTION ledger_seal_until(p_until timestamptz, p_horizon xid8) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before ledger_seal;
    v_from timestamptz;
    v_count bigint;
    v_digest bytea;
BEGIN
    IF p_until > clock_timestamp() OR pg_snapshot_xmin(pg_current_snapshot()) < p_horizon THEN
        RAISE EXCEPTION 'too early to seal' USING ERRCODE = 'ML004';
    END IF;
    LOCK TABLE ledger_seal IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO v_before FROM ledger_seal ORDER BY until_at DESC LIMIT 1;
    IF p_until <= v_before.until_at THEN
        RAISE EXCEPTION 'sealed already until %', v_before.until_at USING ERRCODE = 'ML005';
    END IF;
    v_from := coalesce(v_before.until_at, '-infinity');
    SELECT * INTO v_count, v_digest FROM ledger_digest(v_from, p_until, coalesce(v_before.digest, ''));
    INSERT INTO ledger_seal (until_at, entry_count, digest) VALUES (p_until, v_count, v_digest);
    INSERT INTO ledger_daysum (account_id, until_at, sum_yen)
        SELECT moved.account, p_until, moved.yen + coalesce(
                   (SELECT d.sum_yen FROM ledger_daysum d WHERE d.account_id = moved.account ORDER BY d.until_at DESC LIMIT 1), 0)
          FROM ledger_moved(v_from, p_until) moved;
    RETURN v_digest;
END $$;

-- What each account gained or lost in a span of time.
CREATE FUNCTION ledger_moved(p_from timestamptz, p_until timestamptz) RETURNS TABLE (account bigint, yen bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT leg.account, sum(leg.yen)::bigint
      FROM ledger_entry e JOIN ledger_transfer t ON t.entry_id = e.id
           CROSS JOIN LATERAL (VALUES (t.debit_id, -t.amount_yen), (t.credit_id, t.amount_yen)) leg (account, yen)
     WHERE e.happened_at >= p_from AND e.happened_at < p_until GROUP BY leg.account;
$$;

-- The moment of the last seal.
CREATE FUNCTION ledger_sealed_until() RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(until_at), '-infinity') FROM ledger_seal;
$$;

-- What lies in one account: the sum kept at the seals, and what moved since.
CREATE FUNCTION ledger_sum(p_account bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((SELECT d.sum_yen FROM ledger_daysum d WHERE d.account_id = p_account ORDER BY d.until_at DESC LIMIT 1), 0)
         + coalesce((SELECT sum(CASE t.credit_id WHEN p_account THEN t.amount_yen ELSE -t.amount_yen END)
                       FROM ledger_entry e JOIN ledger_transfer t ON t.entry_id = e.id
                      WHERE e.happened_at >= ledger_sealed_until() AND p_account IN (t.debit_id, t.credit_id)), 0)::bigint;
$$;

CREATE TRIGGER ledger_daysum_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_daysum
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- A town that has seals already: its sums as they were at the last one.
INSERT INTO ledger_daysum (account_id, until_at, sum_yen)
    SELECT account, ledger_sealed_until(), yen FROM ledger_moved('-infinity', ledger_sealed_until());
