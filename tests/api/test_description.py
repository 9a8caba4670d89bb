"""The API's description is whole: nothing in it is guessed, and no two things go by one name."""

from io import StringIO

from django.core.management import call_command


def test_the_description_is_written_without_a_warning() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert "/api/v1/drafts/{draft_id}/adopt/" in out.getvalue()
