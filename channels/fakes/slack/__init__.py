"""A false Slack: Web API, events, sockets and private files, with faults. Start reading in server.py."""

from channels.fakes.slack.events import Pusher, Weather
from channels.fakes.slack.faults import Fault
from channels.fakes.slack.server import LOGIN_PAGE, Call, FakeSlack
from channels.fakes.slack.world import Channel, Clock, File, Json, Workspace

__all__ = [
    "LOGIN_PAGE",
    "Call",
    "Channel",
    "Clock",
    "FakeSlack",
    "Fault",
    "File",
    "Json",
    "Pusher",
    "Weather",
    "Workspace",
]
