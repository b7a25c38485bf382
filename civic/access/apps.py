from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "civic.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the apps below."""
        import_module("civic.access.handlers")
