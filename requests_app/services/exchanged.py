"""What of a request suppliers' systems exchange with us."""

from requests_app.lifecycle import REQUEST
from suppliers.public import Field, Vocabulary
from tenancy.engine.words import word

EXCHANGED = Vocabulary(
    process="request",
    label=word("Request"),
    phases={name: state.phase for name, state in REQUEST.states.items()},
    labels={name: state.label for name, state in REQUEST.states.items()},
    priorities=(),
    fields=(
        Field("number", word("Reference"), is_required=True),
        Field("title", word("Title"), is_required=True),
        Field("description", word("Description")),
        Field("service", word("Service")),
        Field("offering", word("Offering")),
        Field("quantity", word("Quantity")),
        Field("requester", word("Requester")),
        Field("affected_user", word("Affected user")),
        Field("organisation", word("Organisation")),
    ),
)
