"""The dashboards, as data: which tables each has, and what its columns sum."""

from reporting.engine.columns import Board, By, Column, Section, Unit
from reporting.engine.measures import CUSTODY_PARTIES, MEASURES, METRICS
from tenancy.engine.words import word

_VERDICT_TITLES = {
    ("sla", "response"): word("SLA: response"),
    ("sla", "update"): word("SLA: update"),
    ("sla", "resolution"): word("SLA: resolution"),
    ("sla", "fulfilment"): word("SLA: fulfilment"),
    ("sla", "approval"): word("SLA: approval"),
    ("ola", "response"): word("OLA: response"),
    ("ola", "update"): word("OLA: update"),
    ("ola", "resolution"): word("OLA: resolution"),
    ("ola", "fulfilment"): word("OLA: fulfilment"),
    ("ola", "approval"): word("OLA: approval"),
    ("uc", "response"): word("Contract: response"),
    ("uc", "update"): word("Contract: update"),
    ("uc", "resolution"): word("Contract: resolution"),
    ("uc", "fulfilment"): word("Contract: fulfilment"),
    ("uc", "approval"): word("Contract: approval"),
}


def _verdicts(kind: str, metric: str) -> Section:
    met, breached = f"{kind}.{metric}.met", f"{kind}.{metric}.breached"
    rate = f"{kind}.{metric}.rate"
    return Section(
        f"{kind}-{metric}",
        _VERDICT_TITLES[kind, metric],
        (
            Column(met, word("Met"), (met,)),
            Column(breached, word("Breached"), (breached,)),
            Column(rate, word("Met, of all"), (met,), (met, breached), "percent"),
        ),
        chart=rate,
    )


def _total(code: str, label: str, unit: Unit = "count") -> Column:
    return Column(code, label, (code,), (), unit)


_ALL: tuple[By, ...] = ("month", "service", "organisation", "support_group", "provider", "priority", "target")
_PARTIES: tuple[By, ...] = ("provider", "support_group", "month", "service", "organisation", "priority")
_CUSTODY = tuple(f"custody.{party}" for party in CUSTODY_PARTIES)
_RESOLVED = ("records.resolved",)
_TRUTHS = ("truth.kept", "truth.watermelon", "truth.breached")

BOARDS: dict[str, Board] = {
    board.code: board
    for board in (
        Board(
            "sla",
            word("SLA compliance"),
            word("What was promised to users, and whether it was kept."),
            _ALL,
            tuple(_verdicts("sla", metric) for metric in METRICS),
            (
                ("sla.resolution.rate", word("Resolved in time")),
                ("sla.response.rate", word("Answered in time")),
                ("sla.fulfilment.rate", word("Fulfilled in time")),
            ),
        ),
        Board(
            "ola",
            word("OLA and contracts"),
            word("What groups promise each other, and what suppliers owe by contract."),
            ("support_group", "provider", "month", "service", "organisation", "priority", "target"),
            tuple(_verdicts(kind, metric) for kind in ("ola", "uc") for metric in METRICS),
            (("ola.resolution.rate", word("OLAs kept")), ("uc.resolution.rate", word("Contracts kept"))),
        ),
        Board(
            "suppliers",
            word("Supplier contribution"),
            word("How much of the time, and of the breaches, each party had in hand."),
            _PARTIES,
            (
                Section(
                    "held",
                    word("Time held"),
                    (
                        Column("held", word("Held"), ("custody.group", "custody.wire"), (), "duration"),
                        Column(
                            "held.share",
                            word("Share of all holders"),
                            ("custody.group", "custody.wire"),
                            (),
                            "share",
                        ),
                    ),
                    chart="held.share",
                ),
                Section(
                    "breach-time",
                    word("Whose time the breaches were"),
                    (
                        Column("breach.held", word("Held"), ("breach.group", "breach.wire"), (), "duration"),
                        Column(
                            "breach.share",
                            word("Share of all holders"),
                            ("breach.group", "breach.wire"),
                            (),
                            "share",
                        ),
                    ),
                    chart="breach.share",
                ),
                Section(
                    "breaches",
                    word("Resolution SLA, by who held the record when it was decided"),
                    _verdicts("sla", "resolution").columns,
                    chart="sla.resolution.rate",
                ),
                *(_verdicts(kind, "resolution") for kind in ("ola", "uc")),
            ),
            (("held", word("Time held")), ("breach.held", word("Time held in breaches"))),
        ),
        Board(
            "watermelon",
            word("User’s clock against contract"),
            word("Promises kept by the contract while the user waited longer: green outside, red inside."),
            _ALL,
            (
                Section(
                    "truths",
                    word("Two truths"),
                    (
                        *(_total(code, MEASURES[code].called) for code in _TRUTHS),
                        Column(
                            "watermelon.rate",
                            word("Of those met, red inside"),
                            ("truth.watermelon",),
                            ("truth.kept", "truth.watermelon"),
                            "percent",
                        ),
                    ),
                    chart="watermelon.rate",
                ),
                Section(
                    "times",
                    word("Mean time to resolve"),
                    (
                        Column(
                            "truth.contract.mean",
                            word("By the contract"),
                            ("truth.contract",),
                            _TRUTHS,
                            "duration",
                        ),
                        Column(
                            "truth.user.mean",
                            word("As the user waited"),
                            ("truth.user",),
                            _TRUTHS,
                            "duration",
                        ),
                    ),
                    chart="truth.user.mean",
                ),
            ),
            (("watermelon.rate", word("Kept, red inside")), ("truth.user.mean", word("Mean wait of a user"))),
        ),
        Board(
            "workload",
            word("Workload and backlog"),
            word("What came in, what was done, and how old what remains is."),
            ("month", "service", "organisation", "support_group", "provider", "priority"),
            (
                Section(
                    "volume",
                    word("In and out"),
                    (
                        _total("records.opened", word("Opened")),
                        _total("records.resolved", word("Resolved")),
                        _total("records.cancelled", word("Cancelled")),
                    ),
                    chart="records.opened",
                ),
                Section(
                    "backlog",
                    word("Open now, by age"),
                    (
                        _total("live.open", word("Open")),
                        Column("live.open.week", word("Up to 7 days"), ("live.open",), days=(-7, None)),
                        Column("live.open.month", word("8 to 30 days"), ("live.open",), days=(-30, -7)),
                        Column("live.open.quarter", word("31 to 90 days"), ("live.open",), days=(-90, -30)),
                        Column("live.open.older", word("Over 90 days"), ("live.open",), days=(None, -90)),
                    ),
                    chart="live.open",
                ),
            ),
            (
                ("records.opened", word("Opened")),
                ("records.resolved", word("Resolved")),
                ("live.open", word("Open now")),
            ),
        ),
        Board(
            "demand",
            word("Demand"),
            word("What business units ask of services: what they request, and what they report."),
            ("service", "organisation", "month"),
            (
                Section(
                    "demand",
                    word("Requests and incidents"),
                    (
                        _total("demand.request", word("Requests")),
                        _total("demand.incident", word("Incidents")),
                    ),
                    chart="demand.request",
                ),
            ),
            (("demand.request", word("Requests")), ("demand.incident", word("Incidents"))),
        ),
        Board(
            "breaches",
            word("Breaches open and coming"),
            word("What is late now, and what will be unless somebody moves."),
            ("support_group", "provider", "service", "organisation", "priority", "target"),
            (
                Section(
                    "coming",
                    word("SLA clocks of open records"),
                    (
                        _total("live.breached", word("Late now")),
                        Column("live.due.today", word("Due today"), ("live.due",), days=(None, 1)),
                        Column("live.due.tomorrow", word("Due tomorrow"), ("live.due",), days=(1, 2)),
                        Column("live.due.week", word("Due in 2 to 7 days"), ("live.due",), days=(2, 8)),
                        Column("live.due.later", word("Due later"), ("live.due",), days=(8, None)),
                    ),
                    chart="live.breached",
                ),
            ),
            (
                ("live.breached", word("Late now")),
                ("live.due.today", word("Due today")),
                ("live.due.tomorrow", word("Due tomorrow")),
            ),
        ),
        Board(
            "custody",
            word("Custody"),
            word("Who had the records, and how they went from hand to hand."),
            ("month", *_PARTIES[:2], "service", "organisation", "priority"),
            (
                Section(
                    "holders",
                    word("Time from opening to resolution, by holder"),
                    (
                        Column("custody.group", word("Support groups"), ("custody.group",), (), "duration"),
                        Column(
                            "custody.requester", word("Requester"), ("custody.requester",), (), "duration"
                        ),
                        Column("custody.approver", word("Approvers"), ("custody.approver",), (), "duration"),
                        Column("custody.wire", word("On the wire"), ("custody.wire",), (), "duration"),
                        Column("custody.unassigned", word("Nobody"), ("custody.unassigned",), (), "duration"),
                        Column(
                            "custody.unassigned.rate",
                            word("Nobody, of all"),
                            ("custody.unassigned",),
                            _CUSTODY,
                            "percent",
                        ),
                    ),
                    chart="custody.unassigned.rate",
                ),
                Section(
                    "flow",
                    word("From hand to hand"),
                    (
                        _total("records.resolved", word("Resolved")),
                        Column(
                            "flow.hops.mean", word("Hand-overs each"), ("flow.hops",), _RESOLVED, "number"
                        ),
                        _total("flow.ping_pong", word("Ping-pong")),
                        Column(
                            "flow.first_group_right.rate",
                            word("First group right"),
                            ("flow.first_group_right",),
                            _RESOLVED,
                            "percent",
                        ),
                    ),
                    chart="flow.first_group_right.rate",
                ),
                Section(
                    "waits",
                    word("Waits, by who began them"),
                    (
                        _total("waits.all", word("Waits")),
                        _total("waits.unasked", word("No question sent")),
                        _total("waits.near_breach", word("Begun close to breach")),
                        _total("waits.own_end", word("Ended by who began")),
                        Column(
                            "waits.unasked.rate",
                            word("No question, of all"),
                            ("waits.unasked",),
                            ("waits.all",),
                            "percent",
                        ),
                    ),
                    chart="waits.unasked.rate",
                ),
            ),
            (
                ("flow.hops.mean", word("Hand-overs each")),
                ("flow.first_group_right.rate", word("First group right")),
                ("waits.unasked.rate", word("Waits without a question")),
            ),
        ),
    )
}

# The page of a figure is named by its column: the same code means the same wherever it stands.
COLUMNS: dict[str, tuple[Section, Column]] = {
    column.code: (section, column)
    for board in BOARDS.values()
    for section in board.sections
    for column in section.columns
}
