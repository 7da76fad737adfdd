from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks, life  # noqa: F401 -- both need the apps to be there

        life.register()
