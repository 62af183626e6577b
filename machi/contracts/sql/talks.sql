-- A talk stays as it was asked and as it was answered: a trigger refuses even the owner. Only its words may leave.

CREATE FUNCTION contracts_talk_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.contract_id, OLD.about, OLD.side, OLD.asked_by_id, OLD.asked_at, OLD.wished_yen)
           IS NOT DISTINCT FROM (NEW.contract_id, NEW.about, NEW.side, NEW.asked_by_id, NEW.asked_at, NEW.wished_yen)
       AND NEW.words IN (OLD.words, '') AND NEW.helps IN (OLD.helps, '[]')
       AND (OLD.answer = '' OR (OLD.answer, OLD.answered_by_id, OLD.answered_at)
            IS NOT DISTINCT FROM (NEW.answer, NEW.answered_by_id, NEW.answered_at) AND NEW.answer_words IN (OLD.answer_words, ''))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a talk stays as it was' USING ERRCODE = 'MD001';
END $$;

CREATE TRIGGER contracts_talk_stays BEFORE UPDATE OR DELETE ON contracts_talk FOR EACH ROW EXECUTE FUNCTION contracts_talk_stays();
