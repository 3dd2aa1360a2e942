"""Plays cues and speech on a device of ALSA, through ``aplay`` and ``espeak-ng``, on a thread of its own.

``default`` is PipeWire's device too, where its plug-in for ALSA is installed. A device that is missing or
busy costs the sound and nothing else.
"""

import logging
import queue
import subprocess
import threading
from typing import NamedTuple, Protocol

from kiosk.sound.cues import Cue, cue_wave

_log = logging.getLogger(__name__)

_VOICES = {"fr": "fr-fr", "en": "en-gb", "es": "es", "ar": "ar"}
_WORDS_A_MINUTE = 150
_LONGEST_S = 60
_LOUDEST_VOICE = 160
"""Of 200; beyond, the voice is distorted."""


class Sound(Protocol):
    """Whatever can be heard; none of it waits."""

    def set_volume(self, percent: int) -> None: ...

    def cue(self, cue: Cue) -> None: ...

    def say(self, text: str, language: str) -> None: ...

    def hush(self) -> None: ...

    def stop(self) -> None: ...


class _Job(NamedTuple):
    wave: bytes
    text: str
    language: str


class Player:
    """The newest sound ends the one before it: a finger that goes on is not kept waiting by a voice.

    Args:
        device: As ``aplay -L`` names it.
        volume_percent: 0 to 100, of cues and voice.
    """

    def __init__(self, device: str, volume_percent: int) -> None:
        self._device = device
        self._volume_percent = volume_percent
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._running: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def set_volume(self, percent: int) -> None:
        """From the next sound on; 0 is silence."""
        self._volume_percent = percent
        if not percent:
            self.hush()

    def cue(self, cue: Cue) -> None:
        """Let a cue be heard."""
        self.hush()
        if not self._volume_percent:
            return
        self._jobs.put(_Job(cue_wave(cue, self._volume_percent), "", ""))

    def say(self, text: str, language: str) -> None:
        """Read a text aloud; after the cue that is being played, before anything later."""
        if not self._volume_percent:
            return
        self._jobs.put(_Job(b"", text, language))

    def hush(self) -> None:
        """End what is being said, and forget what waits."""
        while not self._jobs.empty():
            if self._jobs.get_nowait() is None:
                self._jobs.put(None)
                return
        with self._lock:
            for process in self._running:
                process.kill()

    def stop(self) -> None:
        """End for good."""
        self.hush()
        self._jobs.put(None)
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._play(job)
            except (OSError, subprocess.SubprocessError) as error:
                self._failed(str(error))

    def _play(self, job: _Job) -> None:
        # What is said goes in by a pipe: command lines can be read by everybody on the machine.
        play = ["aplay", "--quiet", "--device", self._device, "-"]
        with subprocess.Popen(  # noqa: S603 - fixed program, device from the machine's configuration
            play, stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as player:
            processes = [player]
            if job.text:
                voice = subprocess.Popen(  # noqa: S603 - fixed program and arguments
                    self._voice(job.language), stdin=subprocess.PIPE, stdout=player.stdin
                )
                processes.append(voice)
            with self._lock:
                self._running = processes
            try:
                if job.text and player.stdin is not None:
                    player.stdin.close()
                    player.stdin = None
                    voice.communicate(job.text.encode(), timeout=_LONGEST_S)
                _, told = player.communicate(job.wave or None, timeout=_LONGEST_S)
            finally:
                with self._lock:
                    self._running = []
                for process in processes:
                    process.kill()
                    process.wait()
            if player.returncode > 0:
                self._failed(told.decode(errors="replace").strip())

    def _voice(self, language: str) -> list[str]:
        loud = round(_LOUDEST_VOICE * self._volume_percent / 100)
        voice = _VOICES.get(language, "en-gb")
        return ["espeak-ng", "-v", voice, "-a", str(loud), "-s", str(_WORDS_A_MINUTE), "--stdin", "--stdout"]

    def _failed(self, why: str) -> None:
        """Once: the next one would fail for the same reason."""
        if not self._has_failed:
            self._has_failed = True
            _log.warning("no sound", extra={"device": self._device, "why": why[:300]})
