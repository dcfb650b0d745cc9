"""The second factor of the demo's operator, so that its codes are at hand from the start."""

from django.db import migrations

LABEL = "operator@mps.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def add_account(apps, schema_editor):
    account = apps.get_model("sandbox", "AuthenticatorAccount")
    account.objects.get_or_create(secret=SECRET, defaults={"label": LABEL})


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0003_registers_and_authenticator")]

    operations = [migrations.RunPython(add_account, migrations.RunPython.noop)]
