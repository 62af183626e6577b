"""What several people answered, made into one answer with how sure one may be. Pure arithmetic: no tables, no pages, no clock.

Each module is one kind of answer; nothing here decides about a person, and what it knows of a worker is for that worker alone.
"""
