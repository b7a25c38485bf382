from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "civic.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the apps below."""
        import_module("civic.notices.handlers")
