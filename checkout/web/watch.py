"""Closes streams whose session is over or may do other things than before, within a second (row 211).

Whoever ended the session or changed the role: this page, another one, another process. A browser whose
session goes on opens its stream anew and sees what it may see now.
"""

import asyncio
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool

from checkout.live import Subscription
from checkout.till.build import LaneView
from loyalty.domain.staff import Permission
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.sign_in import session_of

CHECK_EVERY_S = 0.4

Rights = frozenset[Permission]
Ended = Callable[[Mapping[str, Rights]], set[str]]


class SessionWatch:
    """Looks at the sessions of open streams while there are any. On the server's loop.

    Args:
        ended: Of session tokens with the rights that their streams began with, those whose streams must end;
            blocks on the database.
    """

    def __init__(self, ended: Ended) -> None:
        self._ended = ended
        self._tokens: dict[Subscription[LaneView], tuple[str, Rights]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, subscription: Subscription[LaneView], token: str, rights: Rights) -> None:
        self._tokens[subscription] = (token, rights)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())

    def remove(self, subscription: Subscription[LaneView]) -> None:
        self._tokens.pop(subscription, None)

    def close(self, token: str) -> None:
        """The session was just ended here: close its streams at once."""
        for subscription, (owner, _) in tuple(self._tokens.items()):
            if owner == token:
                subscription.feed(None)

    async def _watch(self) -> None:
        while self._tokens:
            await asyncio.sleep(CHECK_EVERY_S)
            for token in await run_in_threadpool(self._ended, dict(self._tokens.values())):
                self.close(token)


def ended_sessions(unit: UnitOfWork, ctx: ServiceContext, tokens: Mapping[str, Rights]) -> set[str]:
    """The tokens whose session is over, or whose staff member may no longer do just the same."""
    over = set()
    for token, rights in tokens.items():
        found = session_of(unit, ctx, token)
        if found is None or found[1].role.permissions != rights:
            over.add(token)
    return over
