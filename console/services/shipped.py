"""Where the program's own files lie, for floors that may not ask the platform."""

from console.platforms.files import resource

__all__ = ["resource"]
