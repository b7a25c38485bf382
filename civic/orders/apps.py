from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "civic.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the apps below."""
        import_module("civic.orders.handlers")
