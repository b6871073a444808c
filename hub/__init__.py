"""The core: knows people, conversations and messages; knows no platform."""

import os

# Motor waits for each command in a thread and reads this as it is loaded, ten at most on two processors. While the
# database is away the worker's own loops hold as many, and whoever brings a message waited for one of them to be free
# before it was refused: longer than platforms listen. Threads are made as they are needed.
os.environ.setdefault("MOTOR_MAX_WORKERS", "32")
