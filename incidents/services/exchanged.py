"""What of an incident suppliers' systems exchange with us."""

from incidents.lifecycle import INCIDENT
from suppliers.public import Field, Vocabulary
from tenancy.engine.words import word

EXCHANGED = Vocabulary(
    process="incident",
    label=word("Incident"),
    phases={name: state.phase for name, state in INCIDENT.states.items()},
    labels={name: state.label for name, state in INCIDENT.states.items()},
    priorities=("1", "2", "3", "4", "5"),
    fields=(
        Field("number", word("Reference"), is_required=True),
        Field("title", word("Title"), is_required=True, comes_in=True),
        Field("description", word("Description"), comes_in=True),
        Field("service", word("Service")),
        Field("category", word("Category")),
        Field("requester", word("Requester")),
        Field("organisation", word("Organisation")),
        Field("resolution_code", word("Resolution code"), comes_in=True),
        Field("resolution", word("Resolution"), comes_in=True),
    ),
)
