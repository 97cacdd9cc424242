"""The window: the only floor that draws. It shows what services say and asks them for work."""
