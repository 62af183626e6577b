-- A fact that was written down stays: a trigger refuses even the owner, and the role of the town has no right to try.

CREATE FUNCTION activity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: what happened, happened', TG_TABLE_NAME USING ERRCODE = 'MA001';
END $$;

CREATE TRIGGER activity_fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activity_fact
    FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse_change();
