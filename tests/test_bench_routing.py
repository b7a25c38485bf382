"""The reader of public routing sets, and that each engine serves a tiny instance at the same cost."""

import pytest

from bench import _routing_read as sets
from bench import routing

TINY = """TINY

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        100          0
    1      3         4         10          0         50          2
    2      6         8         10          0         50          2
    3      0         5         10         20         60          2
"""
PRIZES = """NAME : prizes
TYPE : PCVRPTW
DIMENSION : 3
CAPACITY : 10
VEHICLES : 1
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 90 90
DEMAND_SECTION
1 0
2 1
3 1
PRIZE_SECTION
1 0
2 500
3 1
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tiny.txt").write_text(TINY)
    (tmp_path / "best.csv").write_text("name,cost\ntiny,300\n")
    return tmp_path


def test_reads_a_solomon_file(folder):
    (tiny,) = sets.folder(folder)
    assert (tiny.name, tiny.best, tiny.data.num_clients, tiny.data.num_vehicles) == ("tiny", 300, 3, 2)
    client = tiny.data.clients()[2]
    window = (client.tw_early, client.tw_late, client.service_duration, client.delivery)
    assert window == (200, 600, 20, [10])
    assert tiny.data.distance_matrix(0)[0].tolist() == [0, 50, 100, 50]
    assert int(tiny.data.distance_matrix(0)[1, 3]) == 31  # 31.6 cut, not rounded


@pytest.mark.slow
def test_every_engine_finds_the_best_tours(folder):
    line = routing.compare(sets.folder(folder)[0], 1.0)
    assert line[:3] == ["tiny", "3", "300"]
    assert len({cell.split(" (")[0] for cell in line[3:]}) == 1


@pytest.mark.slow
def test_prizes_are_read_and_what_is_not_fetched_is_paid(tmp_path):
    (tmp_path / "prizes.vrp").write_text(PRIZES)
    (tmp_path / "prizes.sol").write_text("Route #1: 1\nCost: 101\n")
    (prizes,) = sets.folder(tmp_path)
    assert prizes.best == 101
    line = routing.compare(prizes, 0.3)
    assert line[3].split(" (")[0] == line[4].split(" (")[0]
    assert line[5] == "none"


def test_says_what_it_cannot_read(tmp_path):
    with pytest.raises(ValueError, match=r"no \.txt or \.vrp"):
        sets.folder(tmp_path)
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(ValueError, match=r"notes\.txt is not a Solomon file"):
        sets.folder(tmp_path)
