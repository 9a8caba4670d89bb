"""Words of engines are said in the language of now, and those of tables are not frozen in the first one."""

from design.languages import speaking
from incidents.public import INCIDENT
from lifecycle.public import IllegalStepError
from reporting.engine.boards import BOARDS
from reporting.engine.measures import MEASURES
from tenancy.engine.words import say, word


class Closed:
    """A record as far as a life cycle looks."""

    state = "closed"


class Anyone:
    """An actor who may do everything."""

    reach = "all"

    def may(self, permission: str) -> bool:
        return bool(permission)


def refusal() -> str:
    """What somebody is told who resolves what is closed."""
    try:
        INCIDENT.check(Closed(), Anyone(), "resolve", {})
    except IllegalStepError as error:
        return error.message
    raise AssertionError("a closed incident was resolved")


def test_an_engine_speaks_the_language_of_whoever_is_served() -> None:
    said = []
    for language in ("cy", "en-gb", "cy"):
        with speaking(language):
            said.append(
                (refusal(), MEASURES["sla.response.met"].name, say("from %(low)s to %(high)s", low=1, high=2))
            )
    assert said[0] == said[2]
    assert said[1] == (
        "'Resolve' is not possible: the incident is closed.",
        "SLA response met",
        "from 1 to 2",
    )
    assert said[0][0] == "Nid yw 'Datrys' yn bosibl: mae’r digwyddiad yn y cyflwr wedi cau."
    assert said[0][1:] == ("SLA ymateb: cyrhaeddwyd", "o 1 i 2")


def test_a_value_may_hold_a_percent_sign() -> None:
    assert say("%(text)s is no day", text="100 %(x)s") == "100 %(x)s is no day"
    assert word("99 %") == "99 %"


def test_tables_hold_what_the_translators_know() -> None:
    with speaking("cy"):
        assert say(BOARDS["sla"].title) == "Cydymffurfiaeth â’r SLA"
