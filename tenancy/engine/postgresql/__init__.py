"""Django's PostgreSQL backend, as this platform uses it; named in `DATABASES` as the engine."""
