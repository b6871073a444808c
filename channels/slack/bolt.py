"""Bolt carries what Slack hands over, posted or by a socket: one handler keeps it, and only then acknowledges.

That a call is Slack's, and whose it is, was proved before on its raw bytes (`inbound.py`); what is kept are those bytes
and never Bolt's reading of them. Bolt asks Slack nothing: who is authorised is what the call itself says.
"""

import logging
import re
from collections.abc import Awaitable, Callable

import msgspec
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from channels.base import Verified

Keep = Callable[[], Awaitable[object]]

ANY = re.compile("")
CALL = "hub_call"
LOGGER = "slack_bolt"
TAKEN, NOT_KEPT = 200, 503  # Bolt acknowledges 200 alone
TOO_ODD = (ValueError, TypeError, AttributeError, LookupError, RecursionError)  # Bolt's, over bodies of no known shape


class Call:
    """One call on its way through Bolt; `failed` is why it could not be kept."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self.kept = False
        self.failed: Exception | None = None

    async def keep(self) -> None:
        try:
            await self._keep()
        except Exception as error:
            self.failed = error
            raise
        self.kept = True


class Carrier:
    """One Bolt app for every workspace and every way in."""

    def __init__(self) -> None:
        self._app: AsyncApp | None = None

    @property
    def app(self) -> AsyncApp:
        """Made on first use: most installations have no such account."""
        if self._app is None:
            self._app = _new_app()
        return self._app

    async def carry(self, body: bytes, verified: Verified, keep: Keep) -> Verified:
        """A posted call with Bolt's answer to it. Raises what `keep` raises."""
        answer = await self.hand(body, keep)
        content_type = answer.headers["content-type"][0].partition(";")[0]
        return msgspec.structs.replace(
            verified, status=answer.status, answer=answer.body.encode(), content_type=content_type
        )

    async def hand(self, body: bytes, keep: Keep) -> BoltResponse:
        """What Bolt answers, once its handler has kept it. Raises what `keep` raises: nothing is acknowledged then."""
        call = Call(keep)
        answer = await self._answer(body, call)
        if call.failed is not None:
            raise call.failed
        if not call.kept:  # Bolt has answered without a handler, such as a challenge
            await call.keep()
        return answer

    async def _answer(self, body: bytes, call: Call) -> BoltResponse:
        try:
            return await self.app.async_dispatch(_request(body.decode(), call))
        except TOO_ODD:
            if call.failed is not None:
                return BoltResponse(status=NOT_KEPT)
            return await self.app.async_dispatch(_request("", call))  # nobody listens for it, and it is kept


def _request(body: str, call: Call) -> AsyncBoltRequest:
    """Without its headers: nobody signed those, and Bolt would obey some."""
    return AsyncBoltRequest(body=body, context={CALL: call})


def _new_app() -> AsyncApp:
    """Its answers to a challenge and its listeners are used; what would drop a call or ask Slack is off."""
    app = AsyncApp(
        name=LOGGER,
        logger=logging.getLogger(
            LOGGER
        ),  # else Bolt's loggers take the level of the root, and one is called as the app
        signing_secret="",
        authorize=_authorize,
        process_before_response=True,  # else it answers after three seconds, kept or not
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,  # an echo settles a send
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.event(ANY)(_keep)
    app.action(ANY)(_keep)
    app.error(_keep_otherwise)
    return app


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


async def _keep(context: AsyncBoltContext, ack: AsyncAck) -> None:
    """Whatever happens or is pressed."""
    await context[CALL].keep()
    await ack()


async def _keep_otherwise(context: AsyncBoltContext) -> BoltResponse:
    """What no listener is for, or what is too odd for Bolt, is kept as well; what could not be kept goes back."""
    call: Call = context[CALL]
    if call.failed is not None:
        return BoltResponse(status=NOT_KEPT)
    await call.keep()
    return BoltResponse(status=TAKEN)
