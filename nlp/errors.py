"""What can go wrong here, as sentences a person can act on.

NlpError          a HubError, so that every command shows it as one line
├── BadExamples   a file of examples has a line that cannot be used (says file and line)
├── BrokenModel   a model folder is missing, incomplete or damaged
└── TooFewExamples   training needs more examples or more than one intent
"""

from hub.errors import HubError


class NlpError(HubError):
    """Whatever this room raises on purpose; the message is one line for a person."""


class BadExamples(NlpError):
    """A line of a JSONL file cannot be used; nothing of that file was taken."""


class BrokenModel(NlpError):
    """A model folder cannot be loaded; the caller keeps the model it has."""


class TooFewExamples(NlpError):
    """There is not enough to learn from; no model was written."""
