"""Ways to a device's bytes; each implements `console.domain.ports.Transport`."""
