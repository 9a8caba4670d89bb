"""The audit of a record as markup."""

from collections.abc import Iterable

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from design.components import moment
from design.moments import short_moment
from design.patterns import Pattern
from desk.engine.pages import AuditLine
from desk.engine.wording import FactInWords

_line = Pattern("desk/records/audit_line.html")
_facts = Pattern("desk/records/audit_facts.html")
_fact = Pattern("desk/records/audit_fact.html")


def history_lines(lines: Iterable[AuditLine]) -> SafeString:
    """Every step with its facts, in the order given."""
    return format_html_join("", "{}", zip(map(_in_markup, lines), strict=True))


def _in_markup(line: AuditLine) -> SafeString:
    return _line(
        title=line.title,
        by=line.by,
        at=moment(line.at, short_moment(line.at)),
        door=line.door,
        version=line.version,
        facts=_list_of(line.facts) if line.facts else "",
    )


def _list_of(facts: Iterable[FactInWords]) -> SafeString:
    return _facts(facts=format_html_join("", "{}", ((_fact(sentence=fact.sentence),) for fact in facts)))
