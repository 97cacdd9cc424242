"""What a person asks of the console. No Qt, no driver, no SQL: services speak to ports."""
