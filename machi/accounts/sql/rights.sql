-- The role of the town may give a duty and end it, not take it away. May be run again, as the owner of the table.

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'machi_app') THEN
        REVOKE DELETE, TRUNCATE ON accounts_duty FROM machi_app;
    END IF;
END $$;
