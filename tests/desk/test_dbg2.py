import pytest
from django.test import Client
from tests.support.world import build_world
from tenancy.engine.scope import tenant_scope
pytestmark = pytest.mark.django_db
def test_x():
    w=build_world()
    c=Client(); c.force_login(w.agent.person)
    print(dict(c.session))
    from django.contrib.auth import get_user
    from django.test import RequestFactory
    r=RequestFactory().get("/"); r.session=c.session
    print(repr(get_user(r)))
    from people.models import Person
    p=Person.objects.get(pk=w.agent.person_id); print(p.get_session_auth_hash()==c.session.get("_auth_user_hash"))
    print(p.password, w.agent.person.password)
    assert 0
