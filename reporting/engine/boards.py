"""The dashboards, as data: which tables each has, and what its columns sum."""

from reporting.engine.columns import Board, By, Column, Section, Unit
from reporting.engine.measures import CUSTODY_PARTIES, KIND_NAMES, MEASURES, METRICS


def _verdicts(kind: str, metric: str) -> Section:
    met, breached = f"{kind}.{metric}.met", f"{kind}.{metric}.breached"
    rate = f"{kind}.{metric}.rate"
    return Section(
        f"{kind}-{metric}",
        f"{KIND_NAMES[kind][0].upper()}{KIND_NAMES[kind][1:]}: {metric}",
        (
            Column(met, "Met", (met,)),
            Column(breached, "Breached", (breached,)),
            Column(rate, "Met, of all", (met,), (met, breached), "percent"),
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
            "SLA compliance",
            "What was promised to users, and whether it was kept.",
            _ALL,
            tuple(_verdicts("sla", metric) for metric in METRICS),
            (
                ("sla.resolution.rate", "Resolved in time"),
                ("sla.response.rate", "Answered in time"),
                ("sla.fulfilment.rate", "Fulfilled in time"),
            ),
        ),
        Board(
            "ola",
            "OLA and contracts",
            "What groups promise each other, and what suppliers owe by contract.",
            ("support_group", "provider", "month", "service", "organisation", "priority", "target"),
            tuple(_verdicts(kind, metric) for kind in ("ola", "uc") for metric in METRICS),
            (("ola.resolution.rate", "OLAs kept"), ("uc.resolution.rate", "Contracts kept")),
        ),
        Board(
            "suppliers",
            "Supplier contribution",
            "How much of the time, and of the breaches, each party had in hand.",
            _PARTIES,
            (
                Section(
                    "held",
                    "Time held",
                    (
                        Column("held", "Held", ("custody.group", "custody.wire"), (), "duration"),
                        Column(
                            "held.share",
                            "Share of all holders",
                            ("custody.group", "custody.wire"),
                            (),
                            "share",
                        ),
                    ),
                    chart="held.share",
                ),
                Section(
                    "breach-time",
                    "Whose time the breaches were",
                    (
                        Column("breach.held", "Held", ("breach.group", "breach.wire"), (), "duration"),
                        Column(
                            "breach.share",
                            "Share of all holders",
                            ("breach.group", "breach.wire"),
                            (),
                            "share",
                        ),
                    ),
                    chart="breach.share",
                ),
                Section(
                    "breaches",
                    "Resolution SLA, by who held the record when it was decided",
                    _verdicts("sla", "resolution").columns,
                    chart="sla.resolution.rate",
                ),
                *(_verdicts(kind, "resolution") for kind in ("ola", "uc")),
            ),
            (("held", "Time held"), ("breach.held", "Time held in breaches")),
        ),
        Board(
            "watermelon",
            "User’s clock against contract",
            "Promises kept by the contract while the user waited longer: green outside, red inside.",
            _ALL,
            (
                Section(
                    "truths",
                    "Two truths",
                    (
                        *(_total(code, MEASURES[code].name) for code in _TRUTHS),
                        Column(
                            "watermelon.rate",
                            "Of those met, red inside",
                            ("truth.watermelon",),
                            ("truth.kept", "truth.watermelon"),
                            "percent",
                        ),
                    ),
                    chart="watermelon.rate",
                ),
                Section(
                    "times",
                    "Mean time to resolve",
                    (
                        Column(
                            "truth.contract.mean", "By the contract", ("truth.contract",), _TRUTHS, "duration"
                        ),
                        Column("truth.user.mean", "As the user waited", ("truth.user",), _TRUTHS, "duration"),
                    ),
                    chart="truth.user.mean",
                ),
            ),
            (("watermelon.rate", "Kept, red inside"), ("truth.user.mean", "Mean wait of a user")),
        ),
        Board(
            "workload",
            "Workload and backlog",
            "What came in, what was done, and how old what remains is.",
            ("month", "service", "organisation", "support_group", "provider", "priority"),
            (
                Section(
                    "volume",
                    "In and out",
                    (
                        _total("records.opened", "Opened"),
                        _total("records.resolved", "Resolved"),
                        _total("records.cancelled", "Cancelled"),
                    ),
                    chart="records.opened",
                ),
                Section(
                    "backlog",
                    "Open now, by age",
                    (
                        _total("live.open", "Open"),
                        Column("live.open.week", "Up to 7 days", ("live.open",), days=(-7, None)),
                        Column("live.open.month", "8 to 30 days", ("live.open",), days=(-30, -7)),
                        Column("live.open.quarter", "31 to 90 days", ("live.open",), days=(-90, -30)),
                        Column("live.open.older", "Over 90 days", ("live.open",), days=(None, -90)),
                    ),
                    chart="live.open",
                ),
            ),
            (("records.opened", "Opened"), ("records.resolved", "Resolved"), ("live.open", "Open now")),
        ),
        Board(
            "breaches",
            "Breaches open and coming",
            "What is late now, and what will be unless somebody moves.",
            ("support_group", "provider", "service", "organisation", "priority", "target"),
            (
                Section(
                    "coming",
                    "SLA clocks of open records",
                    (
                        _total("live.breached", "Late now"),
                        Column("live.due.today", "Due today", ("live.due",), days=(None, 1)),
                        Column("live.due.tomorrow", "Due tomorrow", ("live.due",), days=(1, 2)),
                        Column("live.due.week", "Due in 2 to 7 days", ("live.due",), days=(2, 8)),
                        Column("live.due.later", "Due later", ("live.due",), days=(8, None)),
                    ),
                    chart="live.breached",
                ),
            ),
            (
                ("live.breached", "Late now"),
                ("live.due.today", "Due today"),
                ("live.due.tomorrow", "Due tomorrow"),
            ),
        ),
        Board(
            "custody",
            "Custody",
            "Who had the records, and how they went from hand to hand.",
            ("month", *_PARTIES[:2], "service", "organisation", "priority"),
            (
                Section(
                    "holders",
                    "Time from opening to resolution, by holder",
                    (
                        Column("custody.group", "Support groups", ("custody.group",), (), "duration"),
                        Column("custody.requester", "Requester", ("custody.requester",), (), "duration"),
                        Column("custody.approver", "Approvers", ("custody.approver",), (), "duration"),
                        Column("custody.wire", "On the wire", ("custody.wire",), (), "duration"),
                        Column("custody.unassigned", "Nobody", ("custody.unassigned",), (), "duration"),
                        Column(
                            "custody.unassigned.rate",
                            "Nobody, of all",
                            ("custody.unassigned",),
                            _CUSTODY,
                            "percent",
                        ),
                    ),
                    chart="custody.unassigned.rate",
                ),
                Section(
                    "flow",
                    "From hand to hand",
                    (
                        _total("records.resolved", "Resolved"),
                        Column("flow.hops.mean", "Hand-overs each", ("flow.hops",), _RESOLVED, "number"),
                        _total("flow.ping_pong", "Ping-pong"),
                        Column(
                            "flow.first_group_right.rate",
                            "First group right",
                            ("flow.first_group_right",),
                            _RESOLVED,
                            "percent",
                        ),
                    ),
                    chart="flow.first_group_right.rate",
                ),
                Section(
                    "waits",
                    "Waits, by who began them",
                    (
                        _total("waits.all", "Waits"),
                        _total("waits.unasked", "No question sent"),
                        _total("waits.near_breach", "Begun close to breach"),
                        _total("waits.own_end", "Ended by who began"),
                        Column(
                            "waits.unasked.rate",
                            "No question, of all",
                            ("waits.unasked",),
                            ("waits.all",),
                            "percent",
                        ),
                    ),
                    chart="waits.unasked.rate",
                ),
            ),
            (
                ("flow.hops.mean", "Hand-overs each"),
                ("flow.first_group_right.rate", "First group right"),
                ("waits.unasked.rate", "Waits without a question"),
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
