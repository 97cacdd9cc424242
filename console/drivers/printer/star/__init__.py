"""Receipt printers that speak Star Line Mode or StarPRNT."""
