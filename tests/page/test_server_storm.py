"""A storm of messages that cannot be used: each is refused, none has an effect, whoever else has a page does not notice."""

from __future__ import annotations

import random
from pathlib import Path

from synth.page import frame
from tests.support.page_rig import PATIENCE_S, PageRig, until
from tests.support.page_storm import malformed
from tests.support.sizes import short_and_long


@short_and_long("messages", 2_000, 100_000)
def test_every_malformed_message_is_refused_and_changes_nothing(tmp_path: Path, messages: int) -> None:
    rng = random.Random(1)
    with PageRig(tmp_path) as rig, rig.page() as other, rig.page() as page:
        other.wait("state")
        page.wait("state")
        until(lambda: len(rig.kinds) > 0)
        engine = rig.engine
        before = engine.state["layers"]["slots"]["target"].copy(), engine.state["master"]["target"].copy(), rig.status()
        rig.kinds.clear()
        for _ in range(messages):
            page.connection.send(malformed(rng))
        until(lambda: rig.server.rejections.total == messages, PATIENCE_S + messages / 200)
        assert rig.kinds == []
        assert (engine.state["layers"]["slots"]["target"] == before[0]).all()
        assert (engine.state["master"]["target"] == before[1]).all()
        assert rig.status().preset == before[2].preset
        assert "failed" not in rig.server.rejections.counts
        assert rig.server.stats["pages"] == 2
        page.say(volume=-7)  # it still is heard, and so is the other
        until(lambda: rig.kinds != [])
        assert frame.unpacked(other.frame()).head["layers"] == len(engine.layers)
        assert not any("refused" in message for message in other.messages)
