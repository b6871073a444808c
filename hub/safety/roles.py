"""What each role may do. The one place that asks it: routes name a right, `require` answers."""

from typing import Literal

from hub.errors import Denied
from hub.model import Agent, RoleName

Right = Literal["answer", "settings"]

# answer: see every conversation (one customer, one timeline) and act on it.
# settings: agents, teams, accounts, quarantine.
ROLES: dict[RoleName, frozenset[Right]] = {
    "administrator": frozenset({"answer", "settings"}),
    "agent": frozenset({"answer"}),
}


def may(agent: Agent, right: Right) -> bool:
    """Whether the agent's role holds the right; an agent who is switched off holds none."""
    return agent.on and right in ROLES[agent.role]


def require(agent: Agent, right: Right) -> None:
    """Raises Denied with a sentence for the agent."""
    if not may(agent, right):
        raise Denied("Your role does not allow this; ask an administrator of this hub.")
