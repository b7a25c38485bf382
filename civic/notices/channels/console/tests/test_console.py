from civic.notices.channels.console import channel


def test_the_message_is_printed(capsys):
    channel.send(to="13800001234", text="有人接单了", key="k")
    assert capsys.readouterr().out == "[notice k] 13800001234: 有人接单了\n"
