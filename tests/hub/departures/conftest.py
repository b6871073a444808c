"""Where most tests of the way out begin."""

import pytest

from tests.hub.core import Core


@pytest.fixture
async def asked(core: Core) -> Core:
    """A customer has asked."""
    await core.hears("Còn hàng không shop?", "m1")
    return core
