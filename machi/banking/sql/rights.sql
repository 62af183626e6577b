-- Lines are added; words about people may go (machi/activity/sql/rights.sql). May be run again, as the owner.

SELECT activity_only_add('{banking_import, banking_bankrow}', '{banking_bankwords}');
