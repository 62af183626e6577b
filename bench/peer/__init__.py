"""The peer: the signed-in pages as a good Django programmer writes them who knows none of our tricks.

Ordinary querysets of models (asking.py), Django's own templates with the cached loader (engine.py, tags.py, templates/), and
nothing that is kept between two pages. What the town knows about work and money it asks the same functions as our pages do.
alike.py shows that it is the same page.
"""
