"""Connectivity, one small module a rung; every question is bounded in time and changes nothing."""
