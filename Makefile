# Every target is also `python3 bootstrap.py ...`, for machines without make.
PYTHON ?= python3

help:        ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
run:         ## a living demo town at http://localhost:8000 (MACHI_PORT, MACHI_HOME); Ctrl-C stops it
	@$(PYTHON) bootstrap.py run
test:        ## everything CI runs, in groups, with the minutes of each
	@$(PYTHON) bootstrap.py test
test-long:   ## the same with long campaigns and every face: before a release
	@MACHI_LONG=1 MACHI_FACES=all $(PYTHON) bootstrap.py test
faces:       ## every page in all 18 variants of width, light and language, looked at by axe
	@MACHI_FACES=all $(PYTHON) bootstrap.py test faces
trust-long:  ## states, races, models (300,000 operations) and kills (500 and more) for a long time
	@MACHI_LONG=1 $(PYTHON) bootstrap.py test trust crash
planted:     ## every planted bug of tests/planted must be found by its test: tests that cannot fail prove nothing
	@$(PYTHON) bootstrap.py planted
mutants:     ## small changes in the arithmetic of money: how many of them a test sees, module by module
	@$(PYTHON) bootstrap.py mutants
bench:       ## every promise of speed, measured; results in bench/results/
	@$(PYTHON) bootstrap.py bench
lock:        ## after a change of dependencies in pyproject.toml: write the hash locks anew
	@$(PYTHON) bootstrap.py lock
setup:       ## only install what is needed into .venv
	@$(PYTHON) bootstrap.py setup
doctor:      ## name every wrong setting in a plain sentence
	@$(PYTHON) bootstrap.py setup && .venv/bin/machi doctor

.PHONY: help run test test-long faces trust-long planted mutants bench lock setup doctor
.DEFAULT_GOAL := help
