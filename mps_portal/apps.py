from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mps_portal"
    verbose_name = "MPS"

    def ready(self) -> None:
        """Failed jobs are stored and logged without the values that they failed on."""
        # Models are not there before this point.
        from django_q.signals import post_execute_in_worker

        from mps_portal.failures import strip_job_result

        post_execute_in_worker.connect(strip_job_result, dispatch_uid="strip_job_result")
