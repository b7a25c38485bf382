import pytest

from civic.notices.channels import Failed
from civic.notices.channels.file import channel


def test_one_file_per_key(settings, tmp_path):
    settings.DATA = tmp_path
    for text in ("一", "一", "二"):
        channel.send(to="13800001234", text=text, key="k")
    channel.send(to="13800001234", text="三", key="other")
    files = sorted(path.read_text(encoding="utf-8") for path in (tmp_path / "outbox").iterdir())
    assert files == ["13800001234\n三\n", "13800001234\n二\n"]


def test_a_folder_that_cannot_be_written_may_be_mended(settings, tmp_path):
    (tmp_path / "outbox").write_text("in the way")
    settings.DATA = tmp_path
    with pytest.raises(Failed, match="outbox"):
        channel.send(to="13800001234", text="一", key="k")
