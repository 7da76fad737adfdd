"""A small synthesiser. Everything is laid on a circular tape, so that what rings past the end rings into the start."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from config.demo.footage.colour import TAU, Floats

# Instruments are gentle, so they are made at half the rate; the mastering transform doubles it without loss.
RATE = 24_000
LOUDNESS_DBFS = -16.0

# Partials (multiple of the pitch, gain, decay in 1/s) and the attack in seconds of each plucked or struck voice.
_VOICES: dict[str, tuple[float, tuple[tuple[float, float, float], ...]]] = {
    "pluck": (0.004, ((1, 1.0, 3.2), (2, 0.42, 4.6), (3, 0.22, 6.5), (4, 0.1, 9.0), (5, 0.05, 12.0))),
    "harp": (0.003, ((1, 1.0, 2.2), (2, 0.3, 3.6), (3, 0.16, 5.5), (4, 0.05, 8.0))),
    "bell": (0.002, ((1, 1.0, 1.7), (2.01, 0.5, 2.4), (2.76, 0.22, 3.6), (5.4, 0.09, 6.0))),
    "glass": (0.012, ((1, 1.0, 1.5), (2, 0.12, 2.0), (4.02, 0.1, 3.6))),
    "marimba": (0.002, ((1, 1.0, 5.2), (3.93, 0.26, 12.0), (9.2, 0.05, 22.0))),
    "keys": (0.006, ((1, 1.0, 2.1), (2, 0.34, 3.0), (3, 0.1, 4.4), (7, 0.035, 14.0))),
    "musicbox": (0.001, ((1, 1.0, 2.4), (3, 0.18, 5.0), (6.1, 0.1, 9.0))),
    "bass": (0.01, ((1, 1.0, 1.9), (2, 0.3, 3.0), (3, 0.1, 5.0))),
}


def pitch(note: float) -> float:
    """The frequency in Hz of a MIDI note."""
    return float(440.0 * 2 ** ((note - 69) / 12))


class Tape:
    """Two circular tracks of a loop's length."""

    def __init__(self, seconds: float, rng: np.random.Generator) -> None:
        self.rng = rng
        self.length = round(seconds * RATE)
        self.dry = np.zeros((2, self.length), np.float32)
        self.wet = np.zeros((2, self.length), np.float32)  # goes through the room
        self._notes: dict[tuple[str, float, float], Floats] = {}

    def lay(self, sound: Floats, at: float, gain: float, pan: float = 0.0, room: float = 0.3) -> None:
        """Add a mono sound at a time in seconds; pan -1..1; `room` is its share of reverberation."""
        start = round(at * RATE) % self.length
        sound = sound[: self.length]
        sides = np.array([[np.sqrt((1 - pan) / 2)], [np.sqrt((1 + pan) / 2)]], np.float32) * np.float32(gain)
        head = min(sound.size, self.length - start)
        for track, share in ((self.dry, 1 - room), (self.wet, room)):
            part = sides * np.float32(share)
            track[:, start : start + head] += part * sound[:head]
            if head < sound.size:
                track[:, : sound.size - head] += part * sound[head:]

    def note(
        self,
        voice: str,
        note: float,
        at: float,
        gain: float,
        *,
        length: float = 1.6,
        pan: float = 0.0,
        room: float = 0.3,
    ) -> None:
        """Play a struck or plucked voice."""
        key = (voice, note, length)
        if key not in self._notes:
            attack, partials = _VOICES[voice]
            time = np.arange(int(length * RATE), dtype=np.float32) / np.float32(RATE)
            sound = np.zeros_like(time)
            base = pitch(note)
            for multiple, level, decay in partials:
                if base * multiple < RATE * 0.45:
                    wave = np.sin(time * np.float32(TAU * base * multiple))
                    sound += np.float32(level) * np.exp(time * np.float32(-decay)) * wave
            sound *= np.minimum(time / np.float32(attack), 1)
            tail = int(0.08 * RATE)
            sound[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
            self._notes[key] = sound
        self.lay(self._notes[key], at, gain, pan, room)

    def chord(self, notes: list[float], at: float, length: float, gain: float, bright: float = 0.4) -> None:
        """A warm pad that swells over `length` seconds and is detuned a little between the sides."""
        time = np.arange(int(length * RATE), dtype=np.float32) / np.float32(RATE)
        envelope = np.sin(time * np.float32(np.pi / length)) ** 2
        for number, note in enumerate(notes):
            base = pitch(note)
            for side, detune in ((-0.8, 0.9978), (0.8, 1.0022)):
                phase = time * np.float32(TAU * base * detune) + np.float32(self.rng.uniform(0, TAU))
                first = np.sin(phase)
                # sin 2x and a soft third partial from the first sine: cheaper than more sines
                sound = first + np.float32(bright) * (first * np.abs(first)) + np.float32(bright * 0.3) * first**3
                self.lay(sound * envelope, at, gain / len(notes), side * (0.5 + 0.5 * (number % 2)), 0.45)

    def noise(self, shape: Callable[[Floats], Floats], gain: float, envelope: Floats | None = None) -> None:
        """Add seamless stereo noise; `shape` gives the gain for each frequency in Hz, `envelope` one for each sample."""
        frequency = np.fft.rfftfreq(self.length, 1 / RATE).astype(np.float32)
        curve = shape(np.maximum(frequency, 1))
        for track in self.dry:
            phases = np.exp(1j * self.rng.uniform(0, TAU, frequency.size).astype(np.float32))
            sound = np.fft.irfft(curve * phases, n=self.length).astype(np.float32)
            sound *= np.float32(gain * 0.2) / max(float(sound.std()), 1e-9)
            track += sound if envelope is None else sound * envelope

    def master(self, total: int, rate: int, repeats: int) -> Floats:
        """Room, level and the full rate: stereo samples (2, total), `repeats` loops long, at the common loudness."""
        size = round(total / repeats)
        time = np.arange(min(self.length, int(1.8 * RATE)), dtype=np.float32) / np.float32(RATE)
        out = np.empty((2, size), np.float32)
        for side in range(2):
            tail = self.rng.standard_normal(time.size).astype(np.float32) * np.exp(time * np.float32(-3.2))
            tail[0] = 0
            room = np.fft.rfft(tail / np.float32(np.sqrt((tail**2).sum())), n=self.length)
            room *= 1 / (1 + (np.arange(room.size) / (3500 * self.length / RATE)) ** 2)
            spectrum = np.fft.rfft(self.dry[side]) + np.fft.rfft(self.wet[side]) * (0.4 + 0.9 * room)
            spectrum[: int(30 * self.length / RATE)] = 0  # rumble below 30 Hz
            full = np.zeros(size // 2 + 1, np.complex64)
            count = min(full.size, spectrum.size)
            full[:count] = spectrum[:count]
            out[side] = np.fft.irfft(full, n=size) * (size / self.length)
        target = 10 ** (LOUDNESS_DBFS / 20)
        for _ in range(2):  # a second pass regains what rounding the peaks off took away
            out *= np.float32(target / max(float(np.sqrt((out**2).mean())), 1e-6))
            out = np.where(np.abs(out) > 0.5, np.sign(out) * (0.5 + 0.45 * np.tanh((np.abs(out) - 0.5) / 0.45)), out)
        whole = np.tile(out, (1, repeats))
        whole = np.pad(whole, ((0, 0), (0, max(total - whole.shape[1], 0))))[:, :total]
        fade = int(0.03 * rate)
        edge = np.linspace(0, 1, fade, dtype=np.float32)
        whole[:, :fade] *= edge
        whole[:, -fade:] *= edge[::-1]
        return np.asarray(whole, dtype=np.float32)
