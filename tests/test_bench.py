"""Every bench measures on a fresh machine, in its quick form, and ends with the line that machines read."""

import json
import subprocess
import sys

import pytest

from bench._kit import ROOT, Target


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("bench", "wanted"),
    [
        ("orders", {"place_ratio", "dispatch_ratio", "accept_ratio", "lost_or_doubled", "broken_chains"}),
        ("desk", {"worst_ratio", "pages", "failed"}),
        ("pages", {"kilobytes", "requests", "foreign_hosts", "idle_megabytes"}),
    ],
)
def test_a_bench_ends_with_one_line_of_json(bench, wanted):
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{bench}", "--quick"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=390,
    )

    told = json.loads(done.stdout.splitlines()[-1])
    assert told.keys() == {"bench", "metrics", "targets", "met"}
    assert told["bench"] == bench
    assert wanted <= told["metrics"].keys()
    assert all(told["metrics"].get(name, 0) == 0 for name in ("lost_or_doubled", "broken_chains", "failed"))
    assert isinstance(told["met"], bool)


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target("ratio", 0.35), 0.35, True),
        (Target("ratio", 0.35), 0.34, False),
        (Target("kilobytes", 80, at_least=False), 80, True),
        (Target("kilobytes", 80, at_least=False), 81, False),
        (Target("ratio", 0.35), None, False),
    ],
)
def test_a_target_is_met_at_its_bound_and_missed_without_a_value(target, value, met):
    assert target.is_met({"ratio": value, "kilobytes": value}) is met
