"""One table."""

from django.db import models


class Fault(models.Model):
    """What somebody reported, and nothing else."""

    title = models.CharField(max_length=200)
    description = models.TextField()
    requester = models.EmailField()
    service = models.CharField(max_length=60)
    urgency = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager["Fault"]()

    class Meta:
        app_label = "bare"
        db_table = "bare_fault"

    def __str__(self) -> str:
        return self.title
