"""What lets a page listen: a signed list of topics, good for ten minutes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

SALT = "live"
CONNECT_SECONDS = 600
MAX_TOPICS = 100


class ListenError(ValueError):
    """The token is forged, too old, or names topics of another tenant."""

    code = "live_token"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens to what, as a token says it."""

    tenant_id: int
    person: str
    topics: frozenset[str]


def desk_topic(tenant_id: int) -> str:
    """The topic of every record of a tenant that is not restricted."""
    return f"t{tenant_id}:desk"


def group_topic(tenant_id: int, group_id: object) -> str:
    """The topic of the records that a support group holds."""
    return f"t{tenant_id}:group:{group_id}"


def record_topic(tenant_id: int, record_id: object) -> str:
    """The topic of one record that is not restricted."""
    return f"t{tenant_id}:record:{record_id}"


def sign_listener(*, tenant_id: int, person: str, topics: Iterable[str]) -> str:
    """A token for the address of a live stream. Its topics must have been checked."""
    return signing.dumps(
        {"tenant": tenant_id, "person": person, "topics": sorted(topics)}, salt=SALT, compress=True
    )


def read_listener(token: str) -> Listener:
    """The listener behind a token signed at most ten minutes ago. Raises ListenError."""
    try:
        said = signing.loads(token, salt=SALT, max_age=CONNECT_SECONDS)
        listener = Listener(int(said["tenant"]), str(said["person"]), frozenset(said["topics"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise ListenError("The token is not valid, or no longer.") from error
    own = f"t{listener.tenant_id}:"
    if len(listener.topics) > MAX_TOPICS:
        raise ListenError("The token names too many topics.")
    if not all(topic.startswith(own) for topic in listener.topics):
        raise ListenError("The token names topics of another tenant.")
    return listener
