from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        # Not before the models are loaded.
        from django.db.models.signals import post_save

        from accounts.models import Agency
        from billing import checks, matching

        register(checks.check_font_subsetter)
        register(checks.check_seller)
        post_save.connect(
            matching.try_again_for_new_agency, sender=Agency, dispatch_uid="billing.matching"
        )
