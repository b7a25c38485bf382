"""A place's history is written once."""

from django.db import migrations

from civic.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [append_only("places_change")]
