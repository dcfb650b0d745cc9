from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messaging")

    def ready(self) -> None:
        # Not before the models are loaded.
        from django.db.models.signals import post_migrate
        from django_q.signals import post_spawn

        from messaging import tally_triggers, worker_stop

        post_migrate.connect(tally_triggers.install, sender=self)
        post_spawn.connect(worker_stop.install, dispatch_uid="messaging.worker_stop")
