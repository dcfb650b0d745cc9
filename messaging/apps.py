from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messaging")

    def ready(self) -> None:
        # Not before the models are loaded.
        from django_q.signals import post_spawn

        from messaging import worker_stop

        post_spawn.connect(worker_stop.install, dispatch_uid="messaging.worker_stop")
