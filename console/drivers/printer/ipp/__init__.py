"""Printers that speak IPP, and the queues of CUPS, which speaks it too."""
