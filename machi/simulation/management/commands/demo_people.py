"""`demo_people`: who one can be in the demo town."""
from django.core.management.base import BaseCommand

from machi.simulation.queries import worth_being


class Command(BaseCommand):
    help = "Names the invented people worth being, with what can be done as each of them next."

    def handle(self, **options):
        people = worth_being()
        if people:
            self.stdout.write("この街では、次の人になれます（/demo/ から一押しで入れます）。\n")
        for somebody in people:
            self.stdout.write(f"  {somebody.user.name}  {somebody.user.email}\n      {somebody.line}")
