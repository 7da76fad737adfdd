"""What a clip sounds like: a few chords, a voice that plays in their scale, perhaps a beat, and a place around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from config.demo.footage.colour import TAU, Floats
from config.demo.footage.synth import RATE, Tape

_MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}
_PENTATONIC = (0, 1, 2, 4, 5)  # degrees of a seven-tone mode that sound well over any of its chords


@dataclass(frozen=True, slots=True)
class Score:
    """The recipe of a soundtrack. Gains are around 1, 0 leaves a part out.

    `root` is a MIDI note, `chords` are degrees of the mode, `density` is the chance of a note on each half beat,
    `ambience` names places of `PLACES` with their gains.
    """

    root: int = 57
    mode: str = "major"
    chords: tuple[int, ...] = (0, 4, 5, 3)
    bpm: float = 80
    pad: float = 1.0
    voice: str = "pluck"
    lead: float = 0.7
    density: float = 0.55
    octave: int = 1
    bass: float = 0.5
    beat: float = 0.0
    bright: float = 0.4
    ambience: tuple[tuple[str, float], ...] = ()

    def tone(self, degree: int) -> float:
        """The MIDI note of a degree of the mode, which may lie outside the first octave."""
        steps = _MODES[self.mode]
        return self.root + 12 * (degree // 7) + steps[degree % 7]

    def perform(self, seconds: float, rng: np.random.Generator) -> Tape:
        """Play one seamless loop."""
        tape = Tape(seconds, rng)
        chords = self.chords
        span = seconds / len(chords)
        beats = max(len(chords), round(self.bpm * seconds / 60 / len(chords)) * len(chords))
        beat = seconds / beats
        for number, degree in enumerate(chords):
            start = number * span
            notes = [self.tone(degree + step) for step in (0, 2, 4, 6)]
            if self.pad:
                tape.chord(notes[:3], start - span * 0.45, span * 1.9, 0.5 * self.pad, self.bright)
            if self.bass:
                tape.note("bass", notes[0] - 12, start, 0.42 * self.bass, length=min(span, 2.0), room=0.1)
        if self.lead:
            self._melody(tape, beats, beat)
        if self.beat:
            self._drums(tape, beats, beat)
        for place, gain in self.ambience:
            PLACES[place](tape, gain)
        return tape

    def _melody(self, tape: Tape, beats: int, beat: float) -> None:
        """A walk over the pentatonic degrees: a motif of half the loop, then its echo with another end."""
        rng = tape.rng
        place, steps = 2, beats
        motif: list[int | None] = []
        for step in range(steps):
            place = int(np.clip(place + rng.integers(-2, 3), 0, 7))
            motif.append(place if step % 4 == 0 or rng.random() < self.density else None)
        line = motif + motif[: steps // 2] + [None if m is None else max(m - 1, 0) for m in motif[steps // 2 :]]
        for step, at in enumerate(line):
            if at is None:
                continue
            degree = _PENTATONIC[at % 5] + 7 * (at // 5)
            accent = 1.0 if step % 4 == 0 else 0.72
            pan = 0.5 * float(np.sin(step * 1.7))
            note = self.tone(degree) + 12 * self.octave
            tape.note(self.voice, note, step * beat / 2, 0.5 * self.lead * accent, pan=pan, room=0.4)

    def _drums(self, tape: Tape, beats: int, beat: float) -> None:
        time = np.arange(int(0.4 * RATE), dtype=np.float32) / np.float32(RATE)
        kick = np.sin(TAU * (48 * time + 5.5 * (1 - np.exp(-26 * time)))) * np.exp(-9 * time)
        hiss = tape.rng.standard_normal(time.size).astype(np.float32)
        bright = hiss - np.roll(hiss, 1)
        snare = (0.5 * np.sin(TAU * 185 * time) * np.exp(-22 * time) + 0.55 * bright * np.exp(-17 * time)).astype(
            np.float32
        )
        hat = (bright * np.exp(-60 * time)).astype(np.float32)
        for step in range(beats * 2):
            late = 0.11 * beat if step % 2 else 0.0  # a lazy swing
            at = step * beat / 2 + late
            if step % 8 in (0, 5):
                tape.lay(kick.astype(np.float32), at, 0.6 * self.beat, 0, 0.02)
            if step % 4 == 2:
                tape.lay(snare, at, 0.2 * self.beat, 0.1, 0.2)
            tape.lay(hat, at, (0.1 if step % 2 else 0.06) * self.beat, 0.3, 0.05)


def _band(low: float, high: float, slope: float = 1.0) -> Callable[[Floats], Floats]:
    """A gain that falls as frequency**-slope and is soft-cut below `low` and above `high` Hz."""

    def shape(f: Floats) -> Floats:
        gate = 1 / (1 + (low / f) ** 4) / (1 + (f / high) ** 4)
        return np.asarray(f ** np.float32(-slope) * gate, dtype=np.float32)

    return shape


def _swell(tape: Tape, turns: int, depth: float, phase: float = 0.0) -> Floats:
    """An envelope of whole turns a loop between 1 - depth and 1."""
    t = np.arange(tape.length, dtype=np.float32) / np.float32(tape.length)
    wave = np.float32(0.5) + np.float32(0.5) * np.cos(np.float32(TAU) * (turns * t + np.float32(phase)))
    return np.asarray(1 - np.float32(depth) * (1 - wave**2), dtype=np.float32)


def _waves(tape: Tape, gain: float) -> None:
    tape.noise(_band(90, 1400, 0.7), 0.8 * gain, _swell(tape, 1, 0.75))
    tape.noise(_band(900, 6000, 0.5), 0.28 * gain, _swell(tape, 2, 0.9, 0.3))


def _drops(tape: Tape, gain: float, count: int, low: float, high: float, rise: float) -> None:
    """Small round blips, each with a pitch that rises (drops, bubbles) or falls (chirps)."""
    time = np.arange(int(0.12 * RATE), dtype=np.float32) / np.float32(RATE)
    for _ in range(count):
        base = tape.rng.uniform(low, high)
        phase = TAU * base * (time + np.float32(rise) * time**2)
        blip = (np.sin(phase) * np.exp(-38 * time) * np.minimum(time * 600, 1)).astype(np.float32)
        at, pan = tape.rng.uniform(0, tape.length / RATE), tape.rng.uniform(-0.8, 0.8)
        tape.lay(blip, at, gain * tape.rng.uniform(0.05, 0.16), pan, 0.4)


def _rain(tape: Tape, gain: float) -> None:
    tape.noise(_band(500, 8000, 0.45), 0.5 * gain)
    tape.noise(_band(60, 400, 1.0), 0.25 * gain)
    _drops(tape, 0.7 * gain, 40, 900, 2600, 2.0)


def _crickets(tape: Tape, gain: float) -> None:
    seconds = tape.length / RATE
    t = np.arange(tape.length, dtype=np.float32) / np.float32(RATE)
    for tone, turns, pan in ((4100, 9, -0.6), (4550, 7, 0.6)):
        pulses = np.maximum(np.sin(TAU * round(38 * seconds) / seconds * t), 0) ** 2
        bursts = np.maximum(np.sin(TAU * turns / seconds * t + pan), 0) ** 3
        song = np.sin(TAU * round(tone * seconds) / seconds * t) * pulses * bursts
        tape.lay(song.astype(np.float32), 0, 0.05 * gain, pan, 0.4)
    tape.noise(_band(150, 900, 1.0), 0.12 * gain)


def _fire(tape: Tape, gain: float) -> None:
    tape.noise(_band(50, 500, 0.9), 0.5 * gain, _swell(tape, 5, 0.3))
    tape.noise(_band(1200, 6000, 0.6), 0.06 * gain)
    time = np.arange(int(0.03 * RATE), dtype=np.float32) / np.float32(RATE)
    for _ in range(60):
        crack = tape.rng.standard_normal(time.size).astype(np.float32) * np.exp(-tape.rng.uniform(150, 500) * time)
        at, pan = tape.rng.uniform(0, tape.length / RATE), tape.rng.uniform(-0.5, 0.5)
        tape.lay(crack.astype(np.float32), at, gain * tape.rng.uniform(0.03, 0.22), pan, 0.15)


def _birds(tape: Tape, gain: float) -> None:
    tape.noise(_band(200, 1500, 1.0), 0.1 * gain)
    time = np.arange(int(0.1 * RATE), dtype=np.float32) / np.float32(RATE)
    for _ in range(5):
        at, base, pan = (
            tape.rng.uniform(0, tape.length / RATE),
            tape.rng.uniform(2300, 3800),
            tape.rng.uniform(-0.8, 0.8),
        )
        for number in range(int(tape.rng.integers(2, 5))):
            bend = np.float32(tape.rng.uniform(-3.5, 3.5))
            chirp = np.sin(TAU * base * (time + bend * time**2)) * np.sin(np.pi * time / 0.1) ** 2
            tape.lay(chirp.astype(np.float32), at + number * 0.14, 0.05 * gain, pan, 0.5)


def _rails(tape: Tape, gain: float) -> None:
    tape.noise(_band(45, 320, 1.0), 0.5 * gain, _swell(tape, 4, 0.25))
    seconds = tape.length / RATE
    pairs = max(2, round(seconds / 1.0))
    time = np.arange(int(0.12 * RATE), dtype=np.float32) / np.float32(RATE)
    clack = np.sin(TAU * 150 * time) * np.exp(-45 * time) + 0.2 * tape.rng.standard_normal(time.size) * np.exp(
        -90 * time
    )
    for number in range(pairs):
        for late in (0.0, 0.17):
            tape.lay(clack.astype(np.float32), number * seconds / pairs + late, 0.3 * gain, 0.1, 0.2)


def _vinyl(tape: Tape, gain: float) -> None:
    tape.noise(_band(1500, 7000, 0.3), 0.03 * gain)
    for _ in range(50):
        tick = np.array([1, -0.7, 0.3], np.float32)
        tape.lay(tick, tape.rng.uniform(0, tape.length / RATE), gain * tape.rng.uniform(0.02, 0.09), 0, 0)


def _rockets(tape: Tape, gain: float) -> None:
    """Far fireworks: soft thuds and a crackling tail."""
    time = np.arange(int(0.9 * RATE), dtype=np.float32) / np.float32(RATE)
    for number in range(7):
        at, pan = (number + 0.1) * tape.length / RATE / 7, float(tape.rng.uniform(-0.7, 0.7))
        hiss = tape.rng.standard_normal(time.size).astype(np.float32)
        thud = np.sin(TAU * 62 * time * (1 - 0.2 * time)) * np.exp(-9 * time) + 0.12 * hiss * np.exp(-6 * time)
        tape.lay(thud.astype(np.float32), at, 0.5 * gain, pan, 0.5)
        ticks = hiss * (tape.rng.random(time.size) < 0.004) * np.exp(-2.5 * time)
        tape.lay(ticks.astype(np.float32), at + 0.15, 0.3 * gain, pan, 0.4)


PLACES: dict[str, Callable[[Tape, float], None]] = {
    "waves": _waves,
    "rain": _rain,
    "crickets": _crickets,
    "fire": _fire,
    "birds": _birds,
    "rails": _rails,
    "vinyl": _vinyl,
    "rockets": _rockets,
    "wind": lambda tape, gain: tape.noise(_band(120, 900, 0.8), 0.45 * gain, _swell(tape, 1, 0.6, 0.4)),
    "bubbles": lambda tape, gain: _drops(tape, gain, 26, 350, 900, 4.0),
    "drips": lambda tape, gain: _drops(tape, gain, 12, 700, 1500, 3.0),
    "deep": lambda tape, gain: tape.noise(_band(40, 260, 1.0), 0.5 * gain, _swell(tape, 1, 0.4)),
    "stream": lambda tape, gain: tape.noise(_band(400, 3500, 0.5), 0.25 * gain, _swell(tape, 6, 0.25)),
}
