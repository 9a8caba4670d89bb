"""Reads of the portal, as rows ready to show. The actor is one that `policy.requester_of` gave: end user's reach.

Work notes, internal files and the audit are not read here at all.
"""
