"""Public routing sets: PyVRP (what our tours use) against OR-Tools routing and VROOM in the same CPU budget.

    python -m bench.routing FOLDER [--seconds 30]

FOLDER holds instances of the user's own (none are shipped): Solomon or Gehring–Homberger .txt, VRPLIB .vrp
with time windows, several depots or prizes. Cost = distance (+ prizes not collected) in the set's own unit;
the gap is to the best known cost where a file tells it (see `_routing_read`). One thread each; VROOM stops by
itself, often sooner.
"""

import argparse
import datetime
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyvrp

from bench import _routing_read as sets
from bench._tours_peers import stop_after
from civic.matching.tours_vrp import CpuBudget

FAR = 10**9


def ours(data: pyvrp.ProblemData, seconds: float) -> int | None:
    """PyVRP as the tours use it; None if it found nothing that serves all it must."""
    result = pyvrp.solve(data, stop=CpuBudget(seconds), seed=1, collect_stats=False, display=False)
    return int(result.cost()) if result.is_feasible() else None


def ortools(data: pyvrp.ProblemData, seconds: float) -> int | None:
    """OR-Tools routing: parallel cheapest insertion, then guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    vehicles = [kind for kind in data.vehicle_types() for _ in range(kind.num_available)]
    index = pywrapcp.RoutingIndexManager(
        data.num_locations,
        len(vehicles),
        *([_place(data, v, end) for v in vehicles] for end in (False, True)),
    )
    model = pywrapcp.RoutingModel(index)
    distance, minutes = np.array(data.distance_matrix(0)), np.array(data.duration_matrix(0))
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(distance.tolist()))
    _clock(model, index, data, minutes)
    _load(model, data, vehicles)
    for client in data.clients():
        if not client.required:
            model.AddDisjunction([index.NodeToIndex(client.location)], int(client.prize))
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromSeconds(int(4 * seconds) + 1)
    stop_after(model, seconds)
    found = model.SolveWithParameters(settings)
    return int(found.ObjectiveValue()) if found else None


def _place(data: pyvrp.ProblemData, vehicle: pyvrp.VehicleType, end: bool) -> int:
    return int(data.depots()[vehicle.end_depot if end else vehicle.start_depot].location)


def _clock(model, index, data: pyvrp.ProblemData, minutes: np.ndarray) -> None:
    """Time windows of clients and depots, and limits on the length of a day."""
    served = np.zeros(data.num_locations, np.int64)
    for client in data.clients():
        served[client.location] = client.service_duration
    closes = max([client.tw_late for client in data.clients()] + [depot.tw_late for depot in data.depots()])
    horizon = int(min(closes, FAR)) + int(served.max())
    transit = model.RegisterTransitMatrix((minutes + served[:, None]).tolist())
    model.AddDimension(transit, horizon, horizon, False, "clock")
    clock = model.GetDimensionOrDie("clock")
    for client in data.clients():
        node = index.NodeToIndex(client.location)
        clock.CumulVar(node).SetRange(int(client.tw_early), int(min(client.tw_late, horizon)))
    number = 0
    for vehicle in data.vehicle_types():
        depot = data.depots()[vehicle.start_depot]
        late = int(min(depot.tw_late, vehicle.tw_late, horizon))
        for _ in range(vehicle.num_available):
            clock.CumulVar(model.Start(number)).SetRange(int(depot.tw_early), late)
            clock.CumulVar(model.End(number)).SetRange(0, late)
            if vehicle.shift_duration < horizon:
                clock.SetSpanUpperBoundForVehicle(int(vehicle.shift_duration), number)
            number += 1


def _load(model, data: pyvrp.ProblemData, vehicles: list[pyvrp.VehicleType]) -> None:
    demand = np.zeros(data.num_locations, np.int64)
    for client in data.clients():
        demand[client.location] = client.delivery[0] if client.delivery else 0
    if demand.any():
        unary = model.RegisterUnaryTransitVector(demand.tolist())
        model.AddDimensionWithVehicleCapacity(unary, 0, [int(v.capacity[0]) for v in vehicles], True, "load")


def vroom(data: pyvrp.ProblemData, seconds: float) -> int | None:
    """VROOM at its deepest search; None where it leaves clients out, or has no words for the set (prizes,
    limits on the length of a day)."""
    import vroom as engine

    clients = data.clients()
    if any(not client.required for client in clients):
        return None
    if any(vehicle.shift_duration < FAR for vehicle in data.vehicle_types()):
        return None
    distance = np.array(data.distance_matrix(0))
    model = engine.Input()
    model.set_durations_matrix("car", np.array(data.duration_matrix(0)).astype(np.uint32))
    model.set_costs_matrix("car", distance.astype(np.uint32))
    _vehicles(engine, model, data)
    for at, client in enumerate(clients):
        model.add_job(
            engine.Job(
                at + 1,
                int(client.location),
                default_service=int(client.service_duration),
                delivery=engine.Amount([int(amount) for amount in client.delivery]),
                time_windows=[engine.TimeWindow(int(client.tw_early), int(min(client.tw_late, FAR)))],
            )
        )
    limit = datetime.timedelta(seconds=4 * seconds)  # of the wall clock
    found = model.solve(exploration_level=5, nb_threads=1, timeout=limit)
    if len(found.unassigned):
        return None
    tours = [
        one["location_index"].astype(int).tolist() for _vehicle, one in found.routes.groupby("vehicle_id")
    ]
    return int(sum(distance[a, b] for tour in tours for a, b in pairwise(tour)))


def _vehicles(engine, model, data: pyvrp.ProblemData) -> None:
    vehicles = [kind for kind in data.vehicle_types() for _ in range(kind.num_available)]
    for at, kind in enumerate(vehicles):
        depot = data.depots()[kind.start_depot]
        window = engine.TimeWindow(int(depot.tw_early), int(min(depot.tw_late, FAR)))
        load = [int(amount) for amount in kind.capacity]
        start, end = _place(data, kind, False), _place(data, kind, True)
        model.add_vehicle(engine.Vehicle(at + 1, start=start, end=end, capacity=load, time_window=window))


SOLVERS: dict[str, Callable[[pyvrp.ProblemData, float], int | None]] = {
    "PyVRP": ours,
    "OR-Tools": ortools,
    "VROOM": vroom,
}


def compare(instance: sets.Instance, seconds: float) -> list[str]:
    """One line of the table: name, clients, best known, and per solver its cost, gap and CPU seconds."""
    line = [
        instance.name,
        str(instance.data.num_clients),
        "—" if instance.best is None else str(instance.best),
    ]
    for solve in SOLVERS.values():
        begin = time.process_time()
        cost = solve(instance.data, seconds)
        spent = time.process_time() - begin
        if cost is None:
            line.append("none")
        else:
            gap = "" if instance.best is None else f" {cost / instance.best - 1:+.2%}"
            line.append(f"{cost}{gap} ({spent:.0f} s)")
    return line


def main() -> None:
    """Print the table, instance by instance."""
    parser = argparse.ArgumentParser(description="Public routing instances: PyVRP, OR-Tools, VROOM.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    print(" | ".join(["instance", "clients", "best known", *SOLVERS]), flush=True)
    for instance in sets.folder(given.folder):
        print(" | ".join(compare(instance, given.seconds)), flush=True)


if __name__ == "__main__":
    main()
