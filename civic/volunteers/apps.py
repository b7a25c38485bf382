from importlib import import_module

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "civic.volunteers"
    label = "volunteers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the apps below."""
        import_module("civic.volunteers.handlers")
