"""Devices: ways to reach them (transports), their languages (codecs), and one package a kind."""
