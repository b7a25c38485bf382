"""A step on the timeline is written once."""

from django.db import migrations

from civic.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_initial")]

    operations = [append_only("orders_event")]
