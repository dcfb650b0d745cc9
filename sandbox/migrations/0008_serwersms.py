

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sandbox', '0007_numbers_that_can_be_answered'),
    ]

    operations = [
        migrations.AddField(
            model_name='faults',
            name='provider',
            field=models.CharField(blank=True, choices=[('smsapi', 'SMSAPI'), ('serwersms', 'SerwerSMS')], default='', max_length=9, verbose_name='Of which gateway'),
        ),
        migrations.AddField(
            model_name='panel',
            name='serwersms_callback_url',
            field=models.URLField(blank=True, max_length=500, verbose_name='Callback URL of SerwerSMS'),
        ),
        migrations.AddField(
            model_name='smsmessage',
            name='provider',
            field=models.CharField(choices=[('smsapi', 'SMSAPI'), ('serwersms', 'SerwerSMS')], default='smsapi', max_length=9),
        ),
    ]
