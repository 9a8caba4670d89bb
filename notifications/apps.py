from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Messages to people: mail, and the live channel of open pages."""

    name = "notifications"

    def ready(self) -> None:
        from notifications.policy import LIVE_KINDS, MAIL_KINDS
        from notifications.services.ping import ping, ping_all
        from notifications.services.send_mail import mail_about, mail_about_all
        from outbox.public import subscribe

        subscribe("live", LIVE_KINDS, ping, handle_all=ping_all)
        subscribe("mail", MAIL_KINDS, mail_about, handle_all=mail_about_all)
