"""Reads of the record kernel. Every record reached here was first seen through `visible_to`."""
