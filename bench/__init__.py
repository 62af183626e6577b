"""Every promise of speed, measured: `make bench`, or one of them with `python -m bench.pages [--json] [--size 100k]`."""
