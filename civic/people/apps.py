from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "civic.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to Django, and check what must not go to production."""
        import_module("civic.people.handlers")
        import_module("civic.people.checks")
