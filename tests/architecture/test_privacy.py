"""Every column says whose it is and what becomes of it when a person leaves; in the code, and in the database itself."""
import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps

from machi.shared.privacy import PERSONAL, TAGS


def our_fields(tables):
    """Every column of ours, except numbers that Django gives."""
    return [field for table in tables for field in table._meta.local_concrete_fields if field.column and not field.auto_created]


def untagged(tables) -> list[str]:
    return [str(field) for field in our_fields(tables) if field.db_comment not in TAGS]


def our_tables():
    return [table for table in apps.get_models() if table.__module__.startswith("machi.")]


def test_every_column_has_its_tag():
    assert len(our_fields(our_tables())) > 150
    assert untagged(our_tables()) == []


@isolate_apps("machi.profiles")
def test_a_column_without_a_tag_is_found():
    class Diary(models.Model):
        secret = models.TextField()
        page = models.TextField(db_comment="mine")
        day = models.DateField(db_comment=PERSONAL)

        class Meta:
            app_label = "profiles"

    assert untagged([Diary]) == ["profiles.Diary.secret", "profiles.Diary.page"]


@pytest.mark.django_db
def test_the_tag_stands_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("""SELECT c.relname, a.attname, col_description(c.oid, a.attnum) FROM pg_class c
                            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relkind = 'r'""")
        written = {(table, column): words for table, column, words in cursor}

    assert [str(field) for field in our_fields(our_tables())
            if written[field.model._meta.db_table, field.column] != field.db_comment] == []
