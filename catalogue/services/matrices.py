"""Putting a priority matrix in another's place. What it gave before stays in the records; no cells are ever edited."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.models import PriorityMatrix, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixUse:
    """A matrix to be used for these services (by code), and by default or not, in place of another one."""

    matrix: PriorityMatrix
    replaces: PriorityMatrix | None
    is_default: bool
    services: Sequence[str]


def put_to_use(*, uses: Sequence[MatrixUse]) -> None:
    """Use matrices as told from now on, within the caller's transaction. Of several only one may be the default."""
    for use in uses:
        if use.replaces is not None:
            Service.objects.filter(matrix=use.replaces).update(matrix=None)
            PriorityMatrix.objects.filter(pk=use.replaces.pk).update(is_default=False)
        if use.is_default:
            PriorityMatrix.objects.filter(is_default=True).update(is_default=False)
    for use in uses:
        Service.objects.filter(code__in=use.services).update(matrix=use.matrix)
        if use.is_default:
            PriorityMatrix.objects.filter(pk=use.matrix.pk).update(is_default=True)
