"""What a change of a contract's terms does to the promises made with it."""

from collections.abc import Sequence
from datetime import datetime

from catalogue.public import components_under
from sla.engine.composition import Verdict
from sla.services.composition import composition_at
from sla.services.promise_words import sentence
from suppliers.models import Contract, ContractTerms
from suppliers.public import BrokenPromise


def judge_contract_terms(
    *, contract: Contract, terms: ContractTerms, at: datetime
) -> Sequence[BrokenPromise]:
    """The promises that these terms would break, or break worse, at an instant (UTC). Fills the hook of `suppliers`."""
    components = components_under(contract.pk)
    if not components:
        return []
    before, after = composition_at(at), composition_at(at, changed=terms)
    services = {key for part in components for key in after.relying_on(part.pk)}
    # A fulfilment plan may count on a component that is no part of the service.
    keys = {str(part.pk) for part in components}
    services |= {
        key
        for key in after.register.services
        if any(task.component in keys for task in after.plans.get(str(key), ()))
    }
    found = []
    for key in sorted(services, key=lambda each: after.register.services[each].name):
        service = after.register.services[key]
        known = {
            (verdict.kind, verdict.subject, verdict.lacks): verdict for verdict in before.check(key).findings
        }
        for verdict in after.check(key).findings:
            was = known.get((verdict.kind, verdict.subject, verdict.lacks))
            if was is None or _is_worse(verdict, was):
                found.append(
                    BrokenPromise(
                        service.code, service.name, sentence(verdict), verdict.chain, is_new=was is None
                    )
                )
    return found


def _is_worse(now: Verdict, was: Verdict) -> bool:
    return now.shortfall is not None and was.shortfall is not None and now.shortfall > was.shortfall
