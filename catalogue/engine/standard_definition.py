"""The sections that a service definition has until a tenant says otherwise, in both languages.

They follow what the ITIL 4 practice guide of service catalogue management asks a service definition to say.
"""

from typing import Any


def _standard(
    code: str, english: str, welsh: str, hint: str, hint_cy: str, *, is_mandatory: bool = True
) -> dict[str, Any]:
    return {
        "code": code,
        "title": {"en": english, "cy": welsh},
        "hint": {"en": hint, "cy": hint_cy},
        "is_mandatory": is_mandatory,
    }


STANDARD_TEMPLATE: tuple[dict[str, Any], ...] = (
    _standard(
        "purpose", "Purpose", "Diben", "What users can do with it.", "Beth all defnyddwyr ei wneud ag ef."
    ),
    _standard(
        "users", "Users", "Defnyddwyr", "Who uses it, and how many.", "Pwy sy'n ei ddefnyddio, a faint."
    ),
    _standard(
        "scope",
        "What is included",
        "Beth sydd wedi'i gynnwys",
        "What belongs to it, and what does not.",
        "Beth sy'n perthyn iddo, a beth nad yw.",
    ),
    _standard(
        "hours",
        "Hours of service",
        "Oriau gwasanaeth",
        "When it can be used, and when somebody supports it.",
        "Pryd y gellir ei ddefnyddio, a phryd mae rhywun yn ei gefnogi.",
    ),
    _standard(
        "support",
        "Support",
        "Cymorth",
        "How users get help, and which teams give it.",
        "Sut mae defnyddwyr yn cael cymorth, a pha dimau sy'n ei roi.",
    ),
    _standard(
        "service-levels",
        "Service levels",
        "Lefelau gwasanaeth",
        "What is promised to users.",
        "Beth a addewir i ddefnyddwyr.",
    ),
    _standard(
        "suppliers",
        "Suppliers and components",
        "Cyflenwyr a chydrannau",
        "What it is made of, who supplies it, under which contract.",
        "O beth y mae wedi'i wneud, pwy sy'n ei gyflenwi, o dan ba gontract.",
    ),
    _standard(
        "continuity",
        "Continuity",
        "Parhad",
        "What happens when it fails for long.",
        "Beth sy'n digwydd pan fydd yn methu am amser hir.",
    ),
    _standard(
        "security",
        "Security and data",
        "Diogelwch a data",
        "Which data it holds, and how they are protected.",
        "Pa ddata sydd ganddo, a sut maent yn cael eu diogelu.",
    ),
    _standard(
        "charges",
        "Charges",
        "Taliadau",
        "What it costs, and who pays.",
        "Beth mae'n ei gostio, a phwy sy'n talu.",
        is_mandatory=False,
    ),
    _standard(
        "requests",
        "What can be requested",
        "Beth y gellir gofyn amdano",
        "The offerings of the service.",
        "Cynigion y gwasanaeth.",
        is_mandatory=False,
    ),
    _standard(
        "exclusions",
        "Exclusions",
        "Eithriadau",
        "What users might expect of it and do not get.",
        "Beth y gallai defnyddwyr ei ddisgwyl ac nad ydynt yn ei gael.",
        is_mandatory=False,
    ),
)
