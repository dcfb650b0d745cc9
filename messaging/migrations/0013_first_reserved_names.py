"""Words that are reserved from the start."""

from django.db import migrations

from messaging.migrations._first_reserved_names import add_words


class Migration(migrations.Migration):
    dependencies = [("messaging", "0012_sender_names_at_work")]

    operations = [migrations.RunPython(add_words, migrations.RunPython.noop)]
