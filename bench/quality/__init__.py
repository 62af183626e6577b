"""How good what is computed is, on real data that nobody here wrote and that stays outside of the project."""
