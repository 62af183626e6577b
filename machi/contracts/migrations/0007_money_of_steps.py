"""The money of a step stands with the step; a contract that is funded waits for no money."""
from django.db import migrations

FROM_THE_TERMS = """
    UPDATE contracts_milestone m SET fee_yen = (o.terms->>'fee_yen')::bigint, fee_tax_yen = (o.terms->>'fee_tax_yen')::bigint,
           withheld_yen = (o.terms->>'withheld_yen')::bigint
      FROM contracts_contract c JOIN contracts_offer o ON o.id = c.offer_id WHERE c.id = m.contract_id;
    UPDATE contracts_contract SET fund_by = NULL WHERE state <> 'pending_funding';
"""
BACK = "UPDATE contracts_contract SET fund_by = formed_at + interval '7 days' WHERE fund_by IS NULL"


class Migration(migrations.Migration):
    dependencies = [("contracts", "0006_several_steps")]
    operations = [migrations.RunSQL(FROM_THE_TERMS, BACK)]
