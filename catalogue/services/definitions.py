"""Putting services, matrices and categories in place."""

from collections.abc import Sequence

from calendars.models import Calendar
from catalogue.models import Category, PriorityMatrix, Service
from people.models import SupportGroup


def create_matrix(*, name: str, cells: Sequence[int], is_default: bool = False) -> PriorityMatrix:
    """A priority matrix of 16 cells, impact by impact. Raises ValueError for other sizes or priorities."""
    if len(cells) != 16 or not all(1 <= cell <= 5 for cell in cells):
        raise ValueError("a matrix has 16 cells of 1 to 5")
    return PriorityMatrix.objects.create(name=name, cells=list(cells), is_default=is_default)


def create_service(
    *,
    code: str,
    name: str,
    description: str = "",
    support_group: SupportGroup | None = None,
    default_impact: int = 3,
    matrix: PriorityMatrix | None = None,
    hours: Calendar | None = None,
    stage: str = Service.Stage.LIVE,
) -> Service:
    """A service, live unless said, whose incidents go to `support_group` when nobody says otherwise."""
    return Service.objects.create(
        code=code,
        name=name,
        description=description,
        support_group=support_group,
        default_impact=default_impact,
        matrix=matrix,
        hours=hours,
        stage=stage,
    )


def create_category(*, code: str, name: str, parent: Category | None = None) -> Category:
    """A category under `parent`."""
    return Category.objects.create(code=code, name=name, parent=parent)
