"""What a till, a light and a cause are: plain values and pure functions, standard library only."""
