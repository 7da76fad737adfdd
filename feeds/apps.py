from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"

    def ready(self) -> None:
        from . import life, receivers

        receivers.connect()
        life.register()
