-- A duty that was given stays written down: it can be ended, once, and that is all that ever changes about it.

CREATE FUNCTION accounts_duty_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
       AND (NEW.person_id, NEW.kind, NEW.given_at) = (OLD.person_id, OLD.kind, OLD.given_at)
       AND NEW.given_by_id IS NOT DISTINCT FROM OLD.given_by_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a duty stays written down' USING ERRCODE = 'MA002';
END $$;

CREATE TRIGGER accounts_duty_stays BEFORE UPDATE OR DELETE ON accounts_duty
    FOR EACH ROW EXECUTE FUNCTION accounts_duty_stays();
