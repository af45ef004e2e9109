"""Whether a machine understands what is whispered: a recogniser trained on human, voiced speech (pocketsphinx, its own model).

words -> synth.render, as a person would -> both ears -> a grammar of these words -> which one it heard
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pocketsphinx
import pytest
from scipy.signal import resample_poly

import synth
from tests.support.sizes import short_and_long

PERSONS = (0.0, 0.33, 0.66, 1.0)
HERE = Path(__file__).parent
WORDS = (HERE / "unseen_words.txt").read_text().split()
"""Words by which nothing was tuned."""
SENTENCE_WORDS = (HERE / "sentence_words.txt").read_text().split()


def listener(folder: Path, sentence: str, words: list[str]) -> pocketsphinx.Decoder:
    """Return a recogniser that expects a sentence whose words, `<w>`, are among these."""
    grammar = folder / "words.gram"
    grammar.write_text(f"#JSGF V1.0;\ngrammar words;\npublic <said> = {sentence};\n<w> = {' | '.join(words)};\n")
    return pocketsphinx.Decoder(jsgf=str(grammar), samprate=16000, loglevel="FATAL", logfn="/dev/null")


def heard(decoder: pocketsphinx.Decoder, text: str, seconds: float, seed: int, **params: float) -> str:
    """Return what is understood when somebody whispers a text."""
    sets = [f"whisper.{name}={value}" for name, value in params.items()]
    sound = synth.render("whisper", seconds, seed=seed, text=text, sets=sets, fade_out_s=0.02).mean(1)
    sound = resample_poly(sound.astype(float), 1, 3)
    decoder.start_utt()
    decoder.process_raw((sound / np.abs(sound).max() * 16000).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""


def word_errors(said: list[str], understood: list[str]) -> int:
    """Return how many words were put in, left out or changed (Levenshtein)."""
    row = list(range(len(understood) + 1))
    for n, word in enumerate(said, 1):
        last, row[0] = row[0], n
        for m, other in enumerate(understood, 1):
            last, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, last + (word != other))
    return row[-1]


@short_and_long("seeds", (1,), (1, 2, 3))
@pytest.mark.parametrize(("pace", "least"), [(1.0, 20), (1.3, 16)])
def test_single_words_are_understood(pace: float, least: int, seeds: tuple[int, ...], tmp_path: Path) -> None:
    decoder = listener(tmp_path, "<w>", WORDS)
    persons = PERSONS if len(seeds) > 1 else PERSONS[1::2]
    cases = [(word, person, seed) for word in WORDS for person in persons for seed in seeds]
    right = sum(heard(decoder, word, 2.2, seed, person=person, pace=pace) == word for word, person, seed in cases)
    assert right >= least / 24 * len(cases)


@pytest.mark.soak
def test_sentences_of_four_words_are_understood(tmp_path: Path) -> None:
    """Six draws of twenty: of one the rate has a standard error of 5 %."""
    decoder, errors = listener(tmp_path, "<w> <w> <w> <w>", SENTENCE_WORDS), 0
    for draw in map(random.Random, range(1, 7)):
        for seed in range(20):
            said = draw.choices(SENTENCE_WORDS, k=4)
            errors += word_errors(said, heard(decoder, " ".join(said), 5, seed).split())
    assert errors <= 0.35 * 4 * 120
