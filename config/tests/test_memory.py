"""Memory of a tree of processes."""

import os
import subprocess
import sys

import pytest

from config import memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_counts_children_too():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        report = memory.report(os.getpid())
        assert "input()" in report[child.pid][0]
        assert memory.total(os.getpid()) > memory.pss(os.getpid()) > 1_000_000
    finally:
        child.communicate(b"\n")
    assert memory.pss(child.pid) == 0
    assert memory.name(child.pid) == ""
