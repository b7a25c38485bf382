"""Finding a channel by its folder."""

import pytest

from civic.notices import channels


@pytest.mark.parametrize("name", ["console", "file", "sms_http"])
def test_every_folder_is_a_channel(name):
    assert callable(channels.load(name).send)


@pytest.mark.parametrize("name", ["pigeon", "../file", ""])
def test_a_channel_without_a_folder_is_refused(name):
    with pytest.raises(channels.Rejected):
        channels.load(name)
