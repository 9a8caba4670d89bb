"""How hard property tests try: quickly by default, long with ITSM_HYPOTHESIS=full."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("fast", max_examples=100, deadline=None)
settings.register_profile(
    "full", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("ITSM_HYPOTHESIS", "fast"))
