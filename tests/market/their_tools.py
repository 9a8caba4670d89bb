# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201
"""What tools of the market do with their own libraries. Run by a Python that has them: address, name, password, file.

Prints what each found as JSON, for the test that started it.
"""

import json
import sys
from pathlib import Path

import pysnow
from pysnc import ServiceNowClient
from pysnc.auth import ServiceNowPasswordGrantFlow


def with_pysnc(address, name, password, folder, client_id, client_secret):
    """Create, read, query, update, attach, many at once, delete."""
    client = ServiceNowClient(address, (name, password))
    made = client.GlideRecord("incident")
    made.initialize()
    made.short_description, made.description, made.urgency = "From pysnc", "Line one\nline two", "2"
    key = made.insert()
    found = client.GlideRecord("incident")
    assert found.get(key), "get by key"
    assert client.GlideRecord("incident").get("number", str(made.number)), "get by number"
    found.work_notes, found.state = "Looking", "2"
    assert found.update() is not None, "update"
    kept = found.add_attachment("notes.txt", b"some text")
    files = found.get_attachments()
    texts = [file.read().decode() for file in files]
    asked = queries_of_pysnc(client, str(made.number))
    flow = ServiceNowPasswordGrantFlow(name, password, client_id, client_secret)
    by_token = ServiceNowClient(address, flow).GlideRecord("incident")
    deleted = found.delete()
    gone = client.GlideRecord("incident")
    return asked | {
        "key": key,
        "state": found.get_display_value("state"),
        "caller": str(found.caller_id),
        "attached": kept.rpartition("/")[2],
        "texts": texts,
        "by_token": by_token.get("correlation_id", "3"),
        "deleted": bool(deleted),
        "gone": not gone.get(key),
    }


def queries_of_pysnc(client, number):
    """Conditions, pages, many changed at once, and a query too long for an address."""
    query = client.GlideRecord("incident", batch_size=3)
    query.add_query("short_description", "STARTSWITH", "From pysnc").add_or_condition("number", number)
    query.add_active_query()
    query.order_by_desc("sys_created_on")
    query.query()
    numbers = [str(each.number) for each in query]
    many = client.GlideRecord("incident", batch_size=3)
    many.add_query("short_description", "Many")
    for index in range(7):
        one = client.GlideRecord("incident")
        one.initialize()
        one.short_description, one.correlation_id = "Many", str(index)
        one.insert()
    many.query()
    pages = sorted(str(each.correlation_id) for each in many)
    many.query()
    for each in many:
        each.description = "Changed at once"
    many.update_multiple()
    changed = client.GlideRecord("incident")
    changed.add_query("description", "Changed at once")
    changed.query()
    long = client.GlideRecord("incident")
    long.add_query("number", "IN", ",".join([f"INC{index:07}" for index in range(100, 400)] + [number]))
    long.query()
    return {"numbers": numbers, "pages": pages, "changed": len(changed), "long": len(long)}


def with_pysnow(address, name, password, folder, client_id, client_secret):
    """Create, read, query, update, attach, delete."""
    client = pysnow.Client(host=address.removeprefix("https://"), user=name, password=password)
    incidents = client.resource(api_path="/table/incident")
    made = incidents.create(payload={"short_description": "From pysnow", "urgency": "1"}).one()
    changed = incidents.update(
        query={"number": made["number"]}, payload={"comments": "More", "impact": "1"}
    ).one()
    query = (
        pysnow.QueryBuilder()
        .field("short_description")
        .equals("From pysnow")
        .AND()
        .field("state")
        .equals("1")
    )
    found = incidents.get(query=query, stream=True).first()
    file = Path(folder) / "from-pysnow.txt"
    file.write_text("some text")
    sent = incidents.attachments.upload(sys_id=made["sys_id"], file_path=str(file)).one()
    files = incidents.attachments.get(sys_id=made["sys_id"])
    removed = incidents.attachments.delete(sent["sys_id"])
    deleted = incidents.delete(query={"sys_id": made["sys_id"]})
    oauth = pysnow.OAuthClient(
        client_id=client_id,
        client_secret=client_secret,
        token_updater=print,
        host=address.removeprefix("https://"),
    )
    oauth.set_token(oauth.generate_token(name, password))
    by_token = oauth.resource(api_path="/table/incident").get(query={"correlation_id": "3"}).one()
    return {
        "made": made["number"],
        "priority": changed["priority"],
        "found": found["number"],
        "files": [each["file_name"] for each in files],
        "removed": removed["status"],
        "deleted": deleted["status"],
        "by_token": by_token["correlation_id"],
        "left": len(list(incidents.get(query={"number": made["number"]}).all())),
    }


TOOLS = {"pysnc": with_pysnc, "pysnow": with_pysnow}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(TOOLS[sys.argv[1]](*sys.argv[2:])) + "\n")
