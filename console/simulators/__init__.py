"""Byte-level fake devices and a fake backend on real transports, each with fault knobs."""
