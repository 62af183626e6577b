"""Every model field carries a tag that says whose it is and what becomes of it when a person leaves.

The tag is written on the field: `models.CharField(..., db_comment=PERSONAL)`. It stands in the database too, where an
operator who looks at a table can read it. A test fails for a field without one.
"""
PUBLIC = "public"                   # shown to anybody; erased with the person if it is about a person
PERSONAL = "personal"               # about a person, seen by them and by whom they deal with; exported; erased
SECRET = "secret"                   # opens a door or names a bank account; never exported to others, never logged
PRIVATE = "private"                 # letters, drafts, deliveries: for the named people only; exported; erased
BUSINESS = "business"               # contract and money papers: kept for the years the law asks, by pseudonym
TECHNICAL = "technical"             # numbers, states and moments that say nothing about a person by themselves
TAGS = {PUBLIC, PERSONAL, SECRET, PRIVATE, BUSINESS, TECHNICAL}
