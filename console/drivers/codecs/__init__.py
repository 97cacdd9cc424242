"""Pure translations between bytes and meanings: no sockets, no clocks, no threads."""
