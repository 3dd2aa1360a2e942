"""The agent's turns: look, fetch, install, wait for the right moment, arm; or, on trial, prove or go back."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from fleet.agent.disk import disk_errors_told
from fleet.agent.parts import Counter, Services
from fleet.agent.plan import Plan, Rejected
from fleet.agent.reports import Reports
from fleet.agent.rot import RotWatch
from fleet.agent.switch import Failure
from fleet.agent.trial import StaleWatch, check_all, is_of_another, run_trial
from fleet.agent.updater import Stage, Start, Updater
from fleet.agent.window import may_switch
from fleet.errors import FleetError, InstallError
from messaging.station.fleet import UpdateEnded
from runtime.clock import Clock

_log = logging.getLogger(__name__)

_RETRY_FIRST_S = 30.0
_RETRY_LONGEST_S = 3600.0
_TELL_EVERY_BYTES = 0.1
_EXCUSED_AFTER_S = 60.0
"""An urgent update waits so long for a check that fails before it: a passing weakness must excuse nothing."""
_STALE_S = 30.0
"""So long may the device's process run another release than the agent before it is started anew."""


class Turn(StrEnum):
    """What the process does after a turn."""

    GO_ON = "go_on"
    RESTART = "restart"
    """End, and let the launcher start the release that shall run now."""


@dataclass(frozen=True)
class AgentParts:
    """What the agent works with beside the steps of the update."""

    updater: Updater
    reports: Reports
    counter: Counter
    services: Services
    rot: RotWatch
    clock: Clock
    local: tzinfo | None = None
    """The shop's time zone; None takes the machine's."""


class Agent:
    """One device's agent. One thread; ``ring`` from any.

    Args:
        parts: What it works with.
        wait: Waits so many seconds, or until rung; True when the process shall end.
        poll_every_s: How often is looked without being rung for.
    """

    def __init__(self, parts: AgentParts, wait: Callable[[float], bool], poll_every_s: float) -> None:
        self._updater = parts.updater
        self._reports = parts.reports
        self._counter = parts.counter
        self._services = parts.services
        self._rot = parts.rot
        self._clock = parts.clock
        self._local = parts.local
        self._wait = wait
        self._poll_every_s = poll_every_s
        self._plan: Plan | None = None
        self._look_at_s = 0.0
        self._retry_s = _RETRY_FIRST_S
        self._quiet_since_s: float | None = None
        self._failing_since_s: float | None = None
        self._stale_release = ""
        """What the device's process runs where that is another release than the agent's."""
        self._stale = StaleWatch(parts.clock, parts.services.restart, _STALE_S)
        self._was_ready_at_start: set[str] = set(self._updater.installed.ready())
        self._said: dict[str, Any] = {}
        self._said_at_s = 0.0
        self._rollout = 0
        self._trouble = ""
        self._is_rotten = False
        """The running release was found changed on the disk, and somebody was being served."""

    def ring(self) -> None:
        """Look at the next turn."""
        self._look_at_s = 0.0

    def begin(self) -> Turn:
        """Settle what the last start left: a trial to prove, or one that could not go on."""
        start = self._updater.settle(self._services.log_tail)
        if start is Start.ON_TRIAL:
            return self._prove()
        if start is Start.WENT_BACK:
            self._services.restart()
            if self._updater.running != self._updater.switch.current:
                return Turn.RESTART
        self._catch_up()
        return Turn.GO_ON

    def turn(self) -> Turn:
        """One round; short, but for downloads."""
        now_s = self._clock.monotonic_s()
        self._note_quiet(now_s)
        self._note_release()
        if self._is_rotten or (self._rot.is_due() and not self._rot.is_sound(self._updater)):
            return self._leave_rotten()
        if now_s >= self._look_at_s:
            self._look(now_s)
        if self._plan is None:
            return Turn.GO_ON
        if not self._prepared(self._plan, now_s):
            return Turn.GO_ON
        self._note_quiet(self._clock.monotonic_s())  # a download is long: somebody may have come meanwhile
        return self._switch(self._plan)

    def tell(self, **more: Any) -> None:
        """Report what is so, where it is news."""
        plan = self._plan
        now: dict[str, Any] = {
            "running": self._updater.running,
            "channel": self._updater.channel,
            "stage": self._updater.stage().value,
            "rollout": self._rollout,
            "target": plan.release.id if plan is not None else None,
            "trouble": (self._trouble or self._stale_trouble())[:300],
            "time_ok": self._updater.is_time_right,
            "free_mb": self._updater.free_mb,
            **more,
        }
        if (now, self._reports.last) != (self._said.get("now"), self._said.get("last")):
            self._said = {"now": now, "last": self._reports.last}
            self._said_at_s = self._clock.monotonic_s()
            self._reports.tell(**now)

    def _look(self, now_s: float) -> None:
        # A report may have been lost on its way. Not at a bell, which all devices hear at once.
        if self._look_at_s > 0 and now_s - self._said_at_s >= self._poll_every_s / 2:
            self._said = {}
        self._look_at_s = now_s + self._poll_every_s * random.uniform(0.5, 1.5)  # noqa: S311
        try:
            found = self._updater.look()
        except FleetError as error:
            self._put_off(error, now_s)
            return
        self._retry_s, self._trouble = _RETRY_FIRST_S, ""
        self._rollout = self._updater.rollout_number
        if isinstance(found, Rejected):
            _log.warning("release rejected", extra={"release": found.release, "reason": found.reason})
            self._plan = None
            end = UpdateEnded(release=found.release, result="rejected", reason=found.reason[:300])
            if end != self._reports.last:
                self._reports.ended(end, self._updater.running)
        else:
            self._plan = found
        self.tell()

    def _put_off(self, error: FleetError, now_s: float) -> None:
        _log.warning("update put off", extra={"code": error.code, "why": error.message})
        self._trouble = f"{error.code}: {error.message}"
        self._look_at_s = now_s + self._retry_s * random.uniform(0.5, 1.5)  # noqa: S311
        self._retry_s = min(self._retry_s * 2, _RETRY_LONGEST_S)
        self._plan = None
        self.tell()

    def _prepared(self, plan: Plan, now_s: float) -> bool:
        """Fetch and install; True once the release only waits for its moment."""
        if self._updater.installed.is_ready(plan.release.id):
            return True
        try:
            with disk_errors_told():
                self._fetch(plan)
                self.tell(stage=Stage.INSTALLING.value)
                self._updater.install(plan)
        except InstallError as error:
            self._updater.switch.remember(Failure(plan.release.id, f"install: {error.message}"[:300], 0))
            self._plan = None
            self._catch_up()
            return False
        except FleetError as error:
            self._put_off(error, now_s)
            return False
        self.tell()
        return True

    def _fetch(self, plan: Plan) -> None:
        total = sum(wheel.length for wheel in plan.wheels)
        done = total - self._updater.bytes_left(plan)
        told = done

        def on_bytes(count: int) -> None:
            nonlocal done, told
            done += count
            if done - told >= total * _TELL_EVERY_BYTES or done >= total:
                told = done
                self.tell(stage=Stage.DOWNLOADING.value, bytes_done=min(done, total), bytes_total=total)

        self._updater.fetch(plan, on_bytes)

    def _switch(self, plan: Plan) -> Turn:
        now = self._clock.now().astimezone(self._local)
        if not self._is_moment(plan, now):
            return Turn.GO_ON
        if self._stale_release:
            return self._wait_on(f"put off: {self._stale_trouble()}")
        health = plan.release.health
        failing = [each for each in check_all(self._counter, health.checks, None) if each.state == "failed"]
        if not failing:
            self._failing_since_s = None
        elif self._failing_since_s is None:
            self._failing_since_s = self._clock.monotonic_s()
        if failing and not (plan.rollout.urgent and self._fails_for_s() >= _EXCUSED_AFTER_S):
            first = failing[0]
            return self._wait_on(f"put off: {first.name} is not well before the update: {first.detail}")
        self._note_quiet(self._clock.monotonic_s())
        if self._quiet_since_s is None:
            return Turn.GO_ON  # somebody came while it was checked
        self._trouble = ""
        # A process that does not run excuses nothing: an update of it has to show that it does.
        self._updater.excuse({each.name: each.detail for each in failing if each.name != "process"})
        self._updater.arm(plan.release.id)
        self.tell()
        return Turn.RESTART

    def _fails_for_s(self) -> float:
        return self._clock.monotonic_s() - (self._failing_since_s or 0.0)

    def _wait_on(self, trouble: str) -> Turn:
        self._trouble = trouble
        self.tell()
        return Turn.GO_ON

    def _stale_trouble(self) -> str:
        return f"the device process still runs {self._stale_release}" if self._stale_release else ""

    def _is_moment(self, plan: Plan, now: datetime) -> bool:
        if not self._updater.is_time_right:
            return False
        quiet_s = self._clock.monotonic_s() - self._quiet_since_s if self._quiet_since_s is not None else -1.0
        return may_switch(
            plan.rollout,
            self._updater.device,
            now,
            quiet_for_s=quiet_s,
            has_missed_window=plan.release.id in self._was_ready_at_start,
        )

    def _note_quiet(self, now_s: float) -> None:
        if not self._counter.is_quiet():
            self._quiet_since_s = None
        elif self._quiet_since_s is None:
            self._quiet_since_s = now_s

    def _note_release(self) -> None:
        """A restart that was lost leaves a process of another release: after a rollback, the broken one."""
        running = self._updater.running
        process = self._counter.check("process")
        # Where no launcher starts the device's process, no restart would change what it runs.
        is_stale = running is not None and bool(process.release) and is_of_another(process, running)
        is_given_up = is_stale and self._updater.switch.failure(process.release or "") is not None
        self._stale.saw(is_stale=is_stale and (is_given_up or self._quiet_since_s is not None))
        before, self._stale_release = self._stale_release, (process.release or "") if is_stale else ""
        if self._stale_release != before:
            self.tell()

    def _prove(self) -> Turn:
        release = self._updater.running or ""
        manifest = self._updater.installed.manifest(release)
        if manifest is None:
            return self._go_back("install: its manifest cannot be read")
        self.tell(target=release)
        verdict = run_trial(
            manifest,
            self._counter,
            self._clock,
            self._wait,
            restart=self._services.restart,
            excused=self._updater.excused(),
        )
        if verdict.was_stopped:
            self._updater.switch.give_back_try()
            return Turn.RESTART
        if not verdict.is_good:
            return self._go_back(verdict.reason)
        self._updater.commit()
        end = UpdateEnded(release=release, result="committed", tries=self._updater.switch.tries)
        self._reports.ended(end, release)
        _log.info("release committed", extra={"release": release})
        self.tell()
        return Turn.GO_ON

    def _go_back(self, reason: str) -> Turn:
        self._updater.give_up(reason, self._services.log_tail())
        self._reports.catch_up(self._updater.switch.current, self._updater.switch.failures())
        self.tell(running=self._updater.switch.current)
        self._services.restart()
        return Turn.RESTART

    def _catch_up(self) -> None:
        self._reports.catch_up(self._updater.switch.current, self._updater.switch.failures())
        self.tell()

    def _leave_rotten(self) -> Turn:
        """Once nobody is served: what ran for a week with it goes on for a customer more."""
        rotten = self._updater.running or ""
        self._is_rotten = True
        self._trouble = f"rot: files of {rotten} changed on the disk"
        self.tell()
        self._note_quiet(self._clock.monotonic_s())
        if self._quiet_since_s is None:
            return Turn.GO_ON
        self._is_rotten = False
        if self._updater.switch.fall_back() is None:
            return Turn.GO_ON
        self._updater.installed.discard(rotten)
        self._services.restart()
        return Turn.RESTART
