"""What is acknowledged and not shown yet is counted once."""

from hub.model import MessageId
from inbox_web.outstanding import Outstanding


def test_a_message_that_is_sent_again_meanwhile_counts_once() -> None:
    waiting = Outstanding()
    for _ in range(2):
        waiting.add("v_1", MessageId("m_1"))
    waiting.drop(MessageId("m_1"))

    assert waiting._in == {}
