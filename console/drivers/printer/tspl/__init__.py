"""Label printers that speak TSPL."""
