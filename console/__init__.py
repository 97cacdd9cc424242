"""Tillkeeper 收银守护: the maintenance console of a shop's tills."""

__version__ = "0.1.0"
