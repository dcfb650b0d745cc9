from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0018_fill_the_engine")]

    operations = [migrations.RemoveField("campaign", "contact_ids")]
