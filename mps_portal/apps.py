from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mps_portal"
    verbose_name = "MPS"
