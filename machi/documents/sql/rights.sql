-- Papers are added; what stands on them may leave (machi/activity/sql/rights.sql). May be run again, as the owner.

SELECT activity_only_add('{documents_document}', '{documents_documenttext}');
