"""Which of the two shells an address is drawn in."""

# Whatever stands in the desk's shell, whichever app draws it; the rest is the portal's.
_DESK = ("/desk/", "/admin/", "/reports/", "/suppliers/")


def is_in_desk(path: str) -> bool:
    """Whether the page at this path is drawn in the desk's shell."""
    return path.startswith(_DESK)
