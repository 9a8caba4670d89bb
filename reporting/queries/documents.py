"""Reports filled with the figures of a month, in the words of a language."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from design.languages import speaking
from design.moments import long_moment
from lifecycle.public import NotFoundError
from people.public import directory, get_tenant
from reporting.engine.boards import BOARDS
from reporting.engine.columns import By
from reporting.engine.documents import Cell, Document, Head, Line, Note, Sheet, readable_colour
from reporting.engine.measures import MEASURES
from reporting.engine.questions import Month, Question
from reporting.engine.sheets import values, workbook
from reporting.engine.wording import in_words
from reporting.queries.boards import FilledBoard, Table, Value, fill, names_of_filters
from tenancy.engine.scope import current_tenant_id

KINDS = ("sla", "supplier")


class _Part(NamedTuple):
    """Tables of one board, broken down one way; `codes` are its sections, all of them where empty."""

    board: str
    by: By
    codes: tuple[str, ...] = ()


_PARTS: dict[str, tuple[_Part, ...]] = {
    "sla": (
        _Part("sla", "service"),
        _Part("sla", "organisation"),
        _Part("watermelon", "service"),
        _Part("workload", "service"),
        _Part("custody", "provider"),
    ),
    "supplier": (
        _Part("suppliers", "support_group", ("held", "breach-time")),
        _Part("ola", "target"),
        _Part("sla", "service"),
        _Part("sla", "priority"),
    ),
}


def _part_titles() -> dict[tuple[str, str, By], str]:
    return {
        ("sla", "sla", "service"): gettext("SLA compliance by service"),
        ("sla", "sla", "organisation"): gettext("SLA compliance by business unit"),
        ("sla", "watermelon", "service"): gettext("The user’s clock against the contract"),
        ("sla", "workload", "service"): gettext("Workload and backlog"),
        ("sla", "custody", "provider"): gettext("Custody by supplier"),
        ("supplier", "suppliers", "support_group"): gettext("Time in the supplier’s hands"),
        ("supplier", "ola", "target"): gettext("OLA and contract verdicts"),
        ("supplier", "sla", "service"): gettext("SLA verdicts in the supplier’s hands, by service"),
        ("supplier", "sla", "priority"): gettext("SLA verdicts in the supplier’s hands, by priority"),
    }


def titles_of_kinds() -> dict[str, str]:
    """What each kind of report is called, in the language spoken."""
    return {"sla": gettext("Monthly SLA report"), "supplier": gettext("Supplier report")}


def report_document(
    *, kind: str, month: Month, provider_id: UUID | None, language: str, issued_by: str, now: datetime
) -> tuple[Document, datetime]:
    """A report on a month, and the instant (UTC) up to which it knows what happened. Raises NotFoundError.

    It tells all there is of the tenant, or of the provider named: whoever calls answers for who may read it.
    """
    tenant = get_tenant(current_tenant_id())
    provider = directory().providers.get(provider_id) if provider_id else None
    if provider_id and provider is None:
        raise NotFoundError(gettext("There is no such supplier."))
    question = Question(month, month)
    if provider_id:
        question = question.narrowed("provider", str(provider_id))
    with speaking(language), timezone.override(ZoneInfo(tenant.time_zone)):
        boards = [(part, fill(BOARDS[part.board], question, by=part.by, now=now)) for part in _PARTS[kind]]
        known_at = min(filled.known_at for _, filled in boards)
        titles, period = _part_titles(), date_format(month.first, "F Y")
        name = titles_of_kinds()[kind]
        sheets = tuple(
            replace(
                sheet, part=titles[kind, part.board, part.by], code=f"{part.board}.{part.by}.{sheet.code}"
            )
            for part, filled in boards
            for sheet in _sheets(filled, part.codes)
        )
        facts = [
            (gettext("Organisation"), tenant.name),
            *([(gettext("Supplier"), provider.name)] if provider else []),
            (gettext("Month"), period),
            (gettext("Figures as known on"), long_moment(known_at)),
            (gettext("Issued on"), long_moment(now)),
            (gettext("Issued by"), issued_by),
        ]
        document = Document(
            kind=kind,
            title=f"{name}: {provider.name}, {period}" if provider else f"{name}, {period}",
            tenant=tenant.name,
            colour=readable_colour(tenant.brand_colour),
            language=language,
            period=period,
            known=known_at.isoformat(),
            facts=tuple(facts),
            sheets=sheets,
            notes=_notes(sheet for sheet in sheets if not sheet.is_empty),
            words=_words(),
        )
    return document, known_at


def _sheets(filled: FilledBoard, codes: Sequence[str] = ()) -> list[Sheet]:
    return [sheet_of(table) for table in filled.tables if not codes or table.section.code in codes]


def sheet_of(table: Table, *, with_shares: bool = False) -> Sheet:
    """A filled table as plain data. Shares are of all holders: where only one is asked for they say nothing."""
    shown = [
        index for index, column in enumerate(table.section.columns) if with_shares or column.unit != "share"
    ]
    columns = [table.section.columns[index] for index in shown]
    drawn = [column.code for column in columns]
    chart = drawn.index(table.section.chart) if table.section.chart in drawn else None
    rows = () if table.is_empty else (*table.rows, table.total)
    return Sheet(
        code=table.section.code,
        title=gettext(table.section.title),
        heading=table.heading,
        columns=tuple(Head(column.code, gettext(column.label), column.unit) for column in columns),
        lines=tuple(
            Line(
                row.label,
                row.key,
                tuple(_cell(row.values[index]) for index in shown),
                row.depth,
                row.is_total,
            )
            for row in rows
        ),
        chart=chart,
    )


def _cell(value: Value) -> Cell:
    unit = value.column.unit
    if value.ruled == value.measured:
        return Cell(value.measured, value.ruled, in_words(value.measured, unit))
    return Cell(value.measured, value.ruled, in_words(value.ruled, unit), in_words(value.measured, unit))


def _notes(sheets: Iterable[Sheet]) -> tuple[Note, ...]:
    """Each measure that the tables sum, once."""
    columns = {
        column.code: column
        for board in BOARDS.values()
        for section in board.sections
        for column in section.columns
    }
    codes = dict.fromkeys(
        code for sheet in sheets for head in sheet.columns for code in columns[head.code].measures
    )
    return tuple(Note(each.name, each.formula, each.exclusions) for each in map(MEASURES.__getitem__, codes))


def _words() -> dict[str, str]:
    """The fixed words of a report, in the language spoken."""
    return {
        "check_code": gettext("Check code"),
        "page": gettext("Page %(page)s of %(pages)s"),
        "lede": gettext(
            "Every figure counts records of the month named. Where a ruling on a dispute changed a figure, the figure"
            " before the ruling stands beneath it. Type the check code at Reports, Check a report, to open these"
            " figures as they were issued."
        ),
        "no_data": gettext("No data"),
        "no_data_long": gettext("No data: nothing of this kind was counted in this month."),
        "more_rows": gettext("The table below has every row."),
        "before": gettext("%(what)s, before rulings"),
        "before_ruling": gettext("before rulings %(figure)s"),
        "notes": gettext("How it is counted"),
        "figure": gettext("Figure"),
        "formula": gettext("Formula"),
        "exclusions": gettext("Left out"),
        "left_out": gettext("Left out: %(what)s"),
    }


def report_as_xlsx(document: Document, *, check_code: str) -> bytes:
    """The report as a workbook."""
    return workbook(
        document.sheets,
        title=document.title,
        colour=document.colour,
        facts=(*document.facts, (document.words["check_code"], check_code)),
        notes=document.notes,
        words=document.words,
    )


def board_as_xlsx(filled: FilledBoard) -> bytes:
    """A dashboard as a workbook."""
    sheets = [sheet_of(table, with_shares=True) for table in filled.tables]
    months = [date_format(month.first, "F Y") for month in (filled.question.start, filled.question.end)]
    return workbook(
        sheets,
        title=gettext(filled.board.title),
        colour=readable_colour(get_tenant(current_tenant_id()).brand_colour),
        facts=[
            (gettext("Months"), " – ".join(dict.fromkeys(months))),
            (gettext("Figures as known on"), long_moment(filled.known_at)),
            *names_of_filters(filled.question).items(),
        ],
        notes=_notes(sheets),
        words=_words(),
    )


def board_as_csv(filled: FilledBoard) -> str:
    """A dashboard as comma-separated values."""
    return values([sheet_of(table, with_shares=True) for table in filled.tables], words=_words())
