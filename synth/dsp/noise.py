"""Random numbers and noise.  A stream is one u8 field `rng` in any record: xorshift64*, copied with the state.

rng -> uniform | gaussian | exponential | pareto

Streams that draw per sample and streams that draw per event must be apart, or the events would change with the sample rate:
`split` makes a second stream.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel
from synth.rt.units import F32

RNG = np.dtype([("rng", "u8")], align=True)
"""A stream of its own, for records that need more than one."""

_MULTIPLIER = np.uint64(0x2545F4914F6CDD1D)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S12, _S25, _S27, _S30, _S31, _S11, _S40 = (np.uint64(n) for n in (12, 25, 27, 30, 31, 11, 40))
_TO_UNIT_F64 = 2.0**-53
_TO_SIGNED_F32 = F32(2.0**-23)


@kernel
def mixed(value):
    """Return 64 well-mixed bits of a u8 (the finaliser of splitmix64); never 0, which xorshift cannot leave."""
    z = np.uint64(value) + _GOLDEN
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    z = z ^ (z >> _S31)
    return z if z != np.uint64(0) else _GOLDEN


@kernel
def bits(stream):
    """Draw 64 bits (xorshift64*, Vigna 2016)."""
    x = stream.rng
    x ^= x >> _S12
    x ^= x << _S25
    x ^= x >> _S27
    stream.rng = x
    return x * _MULTIPLIER


@kernel
def split(stream):
    """Draw the seed of a stream of its own."""
    return mixed(bits(stream))


@kernel
def uniform(stream):
    """Draw from 0 (included) to 1 (excluded), f8."""
    return float(bits(stream) >> _S11) * _TO_UNIT_F64


@kernel
def white(stream):
    """Draw a sample of white noise, uniform in -1..1, f4: variance 1/3."""
    return F32(np.int64(bits(stream) >> _S40)) * _TO_SIGNED_F32 - F32(1.0)


@kernel
def fill(stream, buffer, start, stop):
    """Write samples of white noise, as `white` draws them, to frames of a buffer."""
    x = stream.rng
    for n in range(start, stop):
        x ^= x >> _S12
        x ^= x << _S25
        x ^= x >> _S27
        buffer[n] = F32(np.int64((x * _MULTIPLIER) >> _S40)) * _TO_SIGNED_F32 - F32(1.0)
    stream.rng = x


@kernel
def density(sample_rate):
    """Return what white noise is multiplied with to have the same power density at every sample rate: 1 at 48 kHz."""
    return math.sqrt(sample_rate / 48000.0)


@kernel
def between(stream, low, high):
    """Draw uniformly from low to high."""
    return low + (high - low) * uniform(stream)


@kernel
def gaussian(stream):
    """Draw from the standard normal distribution (Box and Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(stream)))
    return radius * math.cos(2.0 * math.pi * uniform(stream))


@kernel
def exponential(stream):
    """Draw from the exponential distribution of mean 1."""
    return -math.log(1.0 - uniform(stream))


@kernel
def bounded_pareto(stream, exponent, low, high):
    """Draw from p(x) ~ x^-exponent between low and high, by inverting its distribution; exponent 1 included."""
    u = uniform(stream)
    power = 1.0 - exponent
    if abs(power) < 1e-6:
        return low * math.exp(u * math.log(high / low))
    a = low**power
    return (a + u * (high**power - a)) ** (1.0 / power)
