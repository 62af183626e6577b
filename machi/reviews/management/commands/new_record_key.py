"""machi manage new_record_key: from now on the town signs track records with a new key; the older ones stay published."""
from django.core.management.base import BaseCommand

from machi.reviews.townkeys import new_key


class Command(BaseCommand):
    help = "from now on the town signs track records with a new key"

    def handle(self, *args, **options):
        self.stdout.write(new_key().kid)
