"""The checklist that a tenant has until it says otherwise, in both languages."""

from typing import Any


def _known(code: str, computed: str, english: str, welsh: str) -> dict[str, Any]:
    return {"code": code, "title": {"en": english, "cy": welsh}, "computed": computed}


def _shown(code: str, english: str, welsh: str) -> dict[str, Any]:
    return {"code": code, "title": {"en": english, "cy": welsh}, "role": "service-management"}


STANDARD_CHECKLIST: dict[str, Any] = {
    "service": [
        _known("support-group", "support_group", "A support group with people in it", "Grŵp cymorth â phobl ynddo"),
        _known("contracts", "contracts", "Contracts for every component", "Contractau ar gyfer pob cydran"),
        _known("definition", "definition", "A definition that says everything", "Diffiniad sy'n dweud popeth"),
        _known("hours", "hours", "Hours of service", "Oriau gwasanaeth"),
        _known("owner", "owner", "Somebody who answers for it", "Rhywun sy'n atebol amdano"),
        _shown("monitoring", "It is monitored", "Mae'n cael ei fonitro"),
        _shown("continuity", "A continuity plan that was tried out", "Cynllun parhad a brofwyd"),
        _shown("rota", "A rota for out of hours", "Rota ar gyfer y tu allan i oriau"),
        _shown("articles", "Articles for users and the service desk", "Erthyglau i ddefnyddwyr a'r ddesg wasanaeth"),
        _shown("tests", "Acceptance tests that passed", "Profion derbyn a basiwyd"),
    ],
    "supplier": [
        _known("contract", "contract", "A contract in force", "Contract mewn grym"),
        _known("groups", "groups", "Support groups with people in them", "Grwpiau cymorth â phobl ynddynt"),
        _known("mailboxes", "mailboxes", "A mailbox for every support group", "Blwch post i bob grŵp cymorth"),
        _shown("security", "Security clearance", "Cliriad diogelwch"),
        _shown("escalation", "Contacts for escalation", "Cysylltiadau ar gyfer uwchgyfeirio"),
        _shown("integration", "Tests of the integration that passed", "Profion integreiddio a basiwyd"),
    ],
    "early_life_days": 30,
}  # fmt: skip
