"""The demonstration tenants as data. Nobody here is anyone real."""

from typing import NamedTuple


class Party(NamedTuple):
    """A provider and its support groups (code, name). The first group of the first party is the entry point."""

    code: str
    name: str
    is_internal: bool
    groups: tuple[tuple[str, str], ...]
    client_role: str


class Player(NamedTuple):
    """A person to log in as: role code, name, provider, groups, organisation, and the key of who manages them."""

    key: str
    name: str
    role: str
    provider: str
    groups: tuple[str, ...]
    organisation: str
    manager: str = ""


class Offer(NamedTuple):
    """A service: code, name, what it is, who resolves it, default impact."""

    code: str
    name: str
    description: str
    group: str
    impact: int


class Demo(NamedTuple):
    """One demonstration tenant."""

    code: str
    name: str
    colour: str
    organisations: tuple[tuple[str, str, str], ...]
    parties: tuple[Party, ...]
    people: tuple[Player, ...]
    services: tuple[Offer, ...]


DEFRA = Demo(
    "defra",
    "Department for Environment, Food and Rural Affairs",
    "#00582b",
    (
        ("defra-group", "Defra group", ""),
        ("core-defra", "Core Defra", "defra-group"),
        ("environment-agency", "Environment Agency", "defra-group"),
        ("rural-payments-agency", "Rural Payments Agency", "defra-group"),
        ("natural-england", "Natural England", "defra-group"),
        ("apha", "Animal and Plant Health Agency", "defra-group"),
        ("mmo", "Marine Management Organisation", "defra-group"),
    ),
    (
        Party("desk-partner", "Service Desk Partner", False, (("service-desk", "Service desk"), ("deskside", "Deskside support")), "desk-system"),
        Party("retained", "Retained organisation", True, (("service-management", "Service management"), ("security", "Security operations")), "desk-system"),
        Party("network-supplier", "Network supplier", False, (("network", "Network"),), "supplier-system"),
        Party("euc-supplier", "End-user computing supplier", False, (("euc", "End-user computing"),), "supplier-system"),
        Party("hosting-supplier", "Hosting supplier", False, (("hosting", "Hosting"), ("applications", "Application support")), "supplier-system"),
        Party("print-supplier", "Print supplier", False, (("print", "Print"),), "supplier-system"),
        Party("productivity-suite", "Productivity suite", False, (("productivity", "Productivity suite"),), "supplier-system"),
    ),
    (
        Player("manager", "Bryony Dale", "end-user", "", (), "environment-agency"),
        Player("end-user", "Rowan Hazel", "end-user", "", (), "environment-agency", "manager"),
        Player("end-user-2", "Ash Bramble", "end-user", "", (), "natural-england", "manager"),
        Player("service-desk", "Sorrel Fenn", "service-desk", "desk-partner", ("service-desk", "deskside"), "core-defra"),
        Player("service-desk-2", "Linden Marsh", "service-desk", "desk-partner", ("service-desk",), "core-defra"),
        Player("resolver", "Perry Alder", "resolver", "network-supplier", ("network",), "core-defra"),
        Player("resolver-2", "Juniper Reed", "resolver", "hosting-supplier", ("hosting", "applications"), "core-defra"),
        Player("service-management", "Clover Heath", "service-management", "retained", ("service-management",), "core-defra"),
        Player("administrator", "Teasel Moss", "administrator", "retained", (), "core-defra"),
    ),
    (
        Offer("email-calendar", "E-mail and calendar", "Mailboxes, shared calendars and meeting rooms.", "productivity", 3),
        Offer("collaboration", "Meetings and chat", "Video meetings, chat and shared files.", "productivity", 3),
        Offer("laptop", "Laptops and desktops", "The computer you work on, and what is installed on it.", "euc", 3),
        Offer("mobile", "Mobile phones", "Phones, tablets and mobile data.", "euc", 3),
        Offer("printing", "Printing and scanning", "Printers and scanners in offices.", "print", 4),
        Offer("office-network", "Office network and wifi", "Wired network and wifi in offices and laboratories.", "network", 2),
        Offer("remote-access", "Remote access", "Working from home or the field.", "network", 2),
        Offer("identity", "Log-in and passwords", "Accounts, passwords and multi-factor sign-in.", "service-desk", 3),
        Offer("rural-payments", "Rural payments service", "Claims and payments to farmers.", "applications", 1),
        Offer("flood-warning", "Flood warning service", "Forecasts and warnings to the public.", "applications", 1),
        Offer("livestock", "Livestock information", "Movements of animals and disease control.", "applications", 2),
        Offer("permits", "Permits and licences", "Applications for permits, licences and catch returns.", "applications", 2),
        Offer("document-store", "Document store", "Shared folders and records.", "hosting", 3),
    ),
)  # fmt: skip

RIVERS = Demo(
    "rivers",
    "Rivers Trust Demonstration",
    "#1d4f91",
    (("rivers", "Rivers Trust", ""), ("upper", "Upper catchment", "rivers")),
    (
        Party("rivers-desk", "Rivers service desk", True, (("service-desk", "Service desk"),), "desk-system"),
        Party("rivers-it", "Rivers IT supplier", False, (("platform", "Platform"),), "supplier-system"),
    ),
    (
        Player("end-user", "Wren Brooks", "end-user", "", (), "upper"),
        Player("service-desk", "Heron Wells", "service-desk", "rivers-desk", ("service-desk",), "rivers"),
        Player("resolver", "Kit Weir", "resolver", "rivers-it", ("platform",), "rivers"),
        Player("administrator", "Marlow Ford", "administrator", "rivers-desk", (), "rivers"),
    ),
    (
        Offer("gauges", "River gauges", "Level and flow measurements.", "platform", 2),
        Offer("website", "Web site", "The public web site.", "platform", 3),
    ),
)

DEMOS = (DEFRA, RIVERS)

CATEGORIES = (
    ("hardware", "Hardware", ""),
    ("hardware-laptop", "Laptop", "hardware"),
    ("hardware-printer", "Printer", "hardware"),
    ("software", "Software", ""),
    ("software-error", "Error or crash", "software"),
    ("software-slow", "Slow", "software"),
    ("network", "Network", ""),
    ("access", "Access", ""),
    ("access-password", "Password", "access"),
)

# Reports to make the queues look lived in: title, description, service, impact, urgency.
REPORTS = (
    ("Cannot print on the third floor", "Jobs stay in the queue and nothing comes out.", "printing", 3, 3),
    ("Remote access drops every hour", "I am thrown out in the middle of a call.", "remote-access", 3, 2),
    ("Payment batch stopped half-way", "Batch 14 shows 2,310 of 5,000 claims paid.", "rural-payments", 1, 2),
    (
        "Flood forecast map is blank",
        "The map of the south-west loads without rainfall.",
        "flood-warning",
        1,
        1,
    ),
    (
        "Laptop will not start after the update",
        "Blue screen, then it restarts, again and again.",
        "laptop",
        4,
        2,
    ),
    ("Wifi slow in the laboratory", "Uploads of sample images take half an hour.", "office-network", 3, 3),
    ("Shared mailbox gone", "The mailbox of our team is not in the list any more.", "email-calendar", 3, 3),
    ("Password reset loops", "After the code it asks for the code again.", "identity", 4, 2),
    ("Livestock movements not saved", "An error 500 when I press save on the last page.", "livestock", 2, 2),
    ("No sound in meetings", "Others cannot hear me with any headset.", "collaboration", 4, 3),
    ("Permit search returns nothing", "Even for permits that I know exist.", "permits", 2, 3),
    (
        "Folder of the estates team is read-only",
        "Since Monday nobody of us can save.",
        "document-store",
        3,
        3,
    ),
    ("Phone has no mobile data", "Calls work, but no data outside the office.", "mobile", 4, 3),
    ("Meeting room screen shows nothing", "The screen in room 2.14 stays dark.", "collaboration", 4, 4),
)
