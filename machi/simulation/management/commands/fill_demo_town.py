"""`fill_demo_town`: the invented people and their last seven months, once."""
import time

from django.core.management.base import BaseCommand

from machi.simulation.filling import NotMade, fill


class Command(BaseCommand):
    help = "Makes the demo town: people, posts, contracts and paydays of seven months. Does nothing when that was done before."

    def handle(self, **options):
        began = time.monotonic()
        try:
            if fill() and options["verbosity"] > 1:
                self.stdout.write(f"The demo town was made in {time.monotonic() - began:.1f} s.")
        except NotMade as why:
            self.stderr.write(str(why))             # the town itself is well: it starts without the invented people
