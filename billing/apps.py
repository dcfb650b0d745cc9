from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        from billing import checks

        register(checks.check_font_subsetter)
        register(checks.check_seller)
