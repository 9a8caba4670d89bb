import pytest
from pathlib import Path
from datetime import timedelta
from tests.notifications.test_mail import *
from tests.notifications.conftest import *
@pytest.mark.django_db
def test_look(mail_server, deliver, world, user, agent):
    Person.objects.filter(pk=world.other_user.person_id).update(language="cy")
    r=raise_incident(report=Report(title="Mail is slow", description="x", service="email", requester=USER, affected_user=OTHER), actor=agent, at=MONDAY_TEN)
    comment(record=r, body="Could you try again?\nWe restarted the relay at 10:05.", actor=agent, at=after(3)); deliver()
    resolve(record=r, resolution_code="fixed", resolution="Restarted the relay", actor=agent, at=after(4)); deliver()
    out=Path("/tmp/look"); out.mkdir(exist_ok=True)
    for n,m in enumerate(mail_server.mails):
        (out/f"{n}.html").write_text(html_of(m)); (out/f"{n}.txt").write_text(m.as_string()); 
