"""Counts of messages that are kept with them: messaging/tally_triggers.py keeps them from here on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count(apps, schema_editor):
    messages = apps.get_model("messaging", "Message").objects.order_by()
    counted = messages.values_list("campaign", "state").annotate(models.Count("pk"), models.Sum("parts"))
    CampaignTally = apps.get_model("messaging", "CampaignTally")
    CampaignTally.objects.bulk_create(
        CampaignTally(campaign_id=campaign, state=state, number=number, parts=parts, is_sum=True)
        for campaign, state, number, parts in counted.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_search_of_events'),
        ('messaging', '0021_paid_messages_of_chunk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Being sent'), ('uncertain', 'Uncertain'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('undelivered', 'Not delivered'), ('expired', 'Expired'), ('unknown', 'No report'), ('rejected', 'Rejected'), ('cancelled', 'Cancelled')], max_length=11)),
                ('number', models.IntegerField()),
                ('parts', models.IntegerField()),
                ('is_sum', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(models.F('agency'), models.F('leaves_at'), condition=models.Q(('leaves_at__isnull', False)), name='campaign_of_agency_by_day'),
        ),
        migrations.AddField(
            model_name='campaigntally',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='messaging.campaign'),
        ),
        migrations.AddIndex(
            model_name='campaigntally',
            index=models.Index(models.F('id'), condition=models.Q(('is_sum', False)), name='campaign_tally_change'),
        ),
        migrations.AddConstraint(
            model_name='campaigntally',
            constraint=models.UniqueConstraint(condition=models.Q(('is_sum', True)), fields=('campaign', 'state'), name='campaign_tally_one_sum'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
