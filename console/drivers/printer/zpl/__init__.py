"""Label printers that speak ZPL II."""
