"""RFID and NFC readers."""
