"""Every state that a message or a campaign can be in has its badge."""

from __future__ import annotations

import pytest
from django.utils import translation

from messaging.models import Campaign, Message
from messaging.state_badges import state_badge

STATES = [*Message.State, *Campaign.State]


@pytest.mark.parametrize("state", STATES)
def test_state_has_an_icon_and_its_word(state: Message.State | Campaign.State) -> None:
    with translation.override("en"):
        badge = state_badge(state)
        assert str(state.label) in badge
    assert "<svg" in badge
