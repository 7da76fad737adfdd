from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin behind our door."""

    default_site = "config.admin_site.DeskSite"
