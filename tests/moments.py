"""The moments that tests happen at. A test never asks the clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)  # a Friday, a working day
