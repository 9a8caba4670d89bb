"""Which design a page shows: the draft, or with `?version=` one that was published and is never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from catalogue.queries.offerings import get_offering, offering_version
from catalogue.web.views.drafting import crumbs_of
from lifecycle.public import NotFoundError


@dataclass(frozen=True, slots=True)
class ShownDesign:
    """A design of an offering; `version` is the published one that it is of, None for the draft."""

    offering: Any
    version: Any
    design: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.design.get("name", {}).get("en") or self.offering.code)

    @property
    def query(self) -> str:
        """What the query of an address begins with to show the same design; "" for the draft."""
        return f"version={self.version.number}&" if self.version else ""

    def crumbs(self, title: str) -> list[tuple[str, str]]:
        """Where the page with this title is: below the offering, or below the version."""
        if self.version is None:
            return crumbs_of(self.offering, (title, ""))
        versions = reverse("catalogue:offering_versions", args=[self.offering.code])
        number = gettext("Version %(number)s") % {"number": self.version.number}
        return crumbs_of(self.offering, (gettext("Versions"), versions), (f"{number}: {title}", ""))


def shown_design(request: HttpRequest, code: str) -> ShownDesign:
    """The design that an address asks for. Raises NotFoundError for an offering or a version that is not there."""
    row = get_offering(code)
    asked = request.GET.get("version", "")
    if not asked:
        return ShownDesign(row, None, row.design)
    if not asked.isdecimal() or len(asked) > 8:
        raise NotFoundError(gettext("There is no such version of the offering."))
    version = offering_version(row.code, int(asked))
    return ShownDesign(row, version, version.design)
