"""Papers of trade (取引書類): what the law wants on paper, made from what has happened, numbered, and never changed.

This room decides nothing and moves no money. It reads the facts of the rooms below and writes down, once, what both sides may have to
show years later (ADR 33).
"""
