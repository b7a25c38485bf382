"""Tests over a tenth of a second that are not marked `slow` are listed at the end of the run."""

import pytest

LIMIT_SECONDS = 0.1


def dawdlers(reports):
    """The slow calls among `reports`, slowest first."""
    slow = [
        report
        for report in reports
        if report.when == "call" and report.duration > LIMIT_SECONDS and "slow" not in report.keywords
    ]
    return sorted(slow, key=lambda report: -report.duration)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if hasattr(report, "when")
    ]
    slow = dawdlers(reports)
    if not slow:
        return
    terminalreporter.section(f"{len(slow)} over {LIMIT_SECONDS} s and not marked slow")
    for report in slow[:15]:
        terminalreporter.line(f"{report.duration:6.2f} s  {report.nodeid}")
