from django.apps import AppConfig


class RepostsConfig(AppConfig):
    name = "reposts"

    def ready(self) -> None:
        from . import life  # its models can be imported only once the apps are there

        life.register()
