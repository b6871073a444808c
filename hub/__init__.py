"""The core: knows people, conversations and messages; knows no platform."""
