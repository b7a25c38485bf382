"""The solvers are the worker's: a web process that has loaded everything has none of them, nor numpy."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

HEAVY = {"numba", "llvmlite", "numpy", "scipy", "pyvrp", "openpyxl"}
LOAD = """
import json, sys
import config.wsgi
from importlib import import_module
from django.conf import settings
import_module(settings.ROOT_URLCONF)
import civic.orders.tasks
assert "civic.matching.kernel" not in sys.modules
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.slow
def test_a_web_process_loads_no_solver():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings_test"}
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert HEAVY & set(json.loads(loaded.stdout.splitlines()[-1])) == set()
