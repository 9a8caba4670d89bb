"""What other apps know about a service: each has a page of its own, which the service's page leads to.

The hook that the apps above fill, so that the catalogue need not know them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """A page about a service. `label` is translated where it is shown; `address` holds {code}."""

    label: str
    address: str


_panels: list[Panel] = []


def show_on_services(panel: Panel) -> None:
    """Register a page. Called once per process, from `apps.py`."""
    if panel not in _panels:
        _panels.append(panel)


def panels() -> tuple[Panel, ...]:
    """Every page, in order of registration."""
    return tuple(_panels)
