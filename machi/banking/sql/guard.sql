-- What the bank wrote stays as it was read: a trigger refuses even the owner. Only words about people may be deleted, when their years are over.

CREATE FUNCTION banking_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: the bank wrote it', TG_TABLE_NAME USING ERRCODE = 'MB001';
END $$;

CREATE TRIGGER banking_import_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON banking_import
    FOR EACH STATEMENT EXECUTE FUNCTION banking_refuse_change();
CREATE TRIGGER banking_bankrow_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON banking_bankrow
    FOR EACH STATEMENT EXECUTE FUNCTION banking_refuse_change();
CREATE TRIGGER banking_bankwords_stay BEFORE UPDATE OR TRUNCATE ON banking_bankwords
    FOR EACH STATEMENT EXECUTE FUNCTION banking_refuse_change();
