"""Runs the whole system on one machine, and prepares a PostgreSQL cluster for it.

Nothing here imports Django: the runner has to start before there is a database to talk to.
"""
