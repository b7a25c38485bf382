from importlib import import_module

from django.apps import AppConfig


class FairsConfig(AppConfig):
    name = "civic.fairs"
    label = "fairs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the apps below."""
        import_module("civic.fairs.handlers")
