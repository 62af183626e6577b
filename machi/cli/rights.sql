-- Once per database, as its owner machi_migrate: what the town may do with every table made from now on.
-- The books and the facts take back more than this in their own migrations.

ALTER DEFAULT PRIVILEGES FOR ROLE machi_migrate GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO machi_app;
ALTER DEFAULT PRIVILEGES FOR ROLE machi_migrate GRANT SELECT ON TABLES TO machi_ro;
ALTER DEFAULT PRIVILEGES FOR ROLE machi_migrate GRANT USAGE ON SEQUENCES TO machi_app;
ALTER DEFAULT PRIVILEGES FOR ROLE machi_migrate REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE machi_migrate GRANT EXECUTE ON FUNCTIONS TO machi_app;
