-- A paper stays as it was given out: a trigger refuses even the owner. Only what stands on it may leave, into the sealed store.

CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct it with a new version', TG_TABLE_NAME USING ERRCODE = 'MD001';
END $$;

CREATE TRIGGER documents_document_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON documents_document
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_documenttext_stays BEFORE UPDATE OR TRUNCATE ON documents_documenttext
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
