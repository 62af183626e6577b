"""`generate_town --workers 10000 --jobs 10000 --seed 1`: a town of any size, for measuring and for looking."""
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from machi.jobs.actions import count_topics as count_topics_of_posts
from machi.profiles.actions import count_topics as count_topics_of_pages
from machi.shared import clock
from machi.simulation.crowd import crowd
from machi.simulation.queries import why_no_crowd

FEWEST_WORKERS, FEWEST_JOBS, MOST = 2 * crowd.BUSY_CONTRACTS + 4, 12, 5_000_000


class Command(BaseCommand):
    help = "Makes invented workers, posts, contracts and letters by COPY. The same seed makes the same town. Not for a town of real people."

    def add_arguments(self, parser):
        parser.add_argument("--workers", type=int, default=10_000, help="so many people who look for work; half as many contracts")
        parser.add_argument("--jobs", type=int, default=10_000, help="so many open posts")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes another town")

    def handle(self, *, workers: int, jobs: int, seed: int, **options):
        if not FEWEST_WORKERS <= workers <= MOST or not FEWEST_JOBS <= jobs <= MOST:
            raise CommandError(f"A town has {FEWEST_WORKERS:,} to {MOST:,} workers and {FEWEST_JOBS:,} to {MOST:,} posts.")
        if refusal := why_no_crowd():
            raise CommandError(refusal)
        connection.ensure_connection()
        began, hour = time.monotonic(), clock.now().replace(minute=0, second=0, microsecond=0)
        made = crowd.fill(connection.connection, workers=workers, jobs=jobs, seed=seed, now=hour)
        took = time.monotonic() - began
        count_topics_of_pages()
        count_topics_of_posts()
        for kind, count in made.items():
            self.stdout.write(f"  {count:>12,}  {kind}")
        total = sum(made.values())
        self.stdout.write(f"  {total:>12,}  rows in {took:.1f} s, {total / took:,.0f} a second (seed {seed})")
