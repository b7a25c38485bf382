"""What others make of the same district-day: a clerk's nearest-next, OR-Tools routing, VROOM. Each returns
the value of its tours in our words (prizes − minutes driven), having been given the same CPU seconds where it
can be.
"""

import time
from itertools import pairwise

import numpy as np

from civic.matching.tours import Problem, Route, evaluate


def nearest_next(problem: Problem) -> int:
    """One crew after another, always on to the stop it can begin soonest; what a clerk does on paper."""
    left, value = list(problem.stops), 0
    for crew in problem.crews:
        tour: list = []
        while True:
            fits = []
            for stop in left:
                route = evaluate(problem, crew.id, [*tour, stop.id])
                if isinstance(route, Route):
                    fits.append((route.visits[-1].starts, len(fits), stop))
            if not fits:
                break
            stop = min(fits)[2]
            tour.append(stop.id)
            left.remove(stop)
        route = evaluate(problem, crew.id, tour)
        value += route.value
    return value


def ortools(problem: Problem, seconds: float) -> int:
    """OR-Tools routing: parallel cheapest insertion, then guided local search until the CPU seconds are
    spent."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    base, crews, stops = len(problem.depots), problem.crews, problem.stops
    minutes = np.asarray(problem.minutes)
    depots = [crew.depot for crew in crews]
    index = pywrapcp.RoutingIndexManager(len(minutes), len(crews), depots, depots)
    model = pywrapcp.RoutingModel(index)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(minutes.tolist()))
    served = np.r_[np.zeros(base, int), [stop.minutes for stop in stops]]
    horizon = max(crew.ends for crew in crews)
    transit = model.RegisterTransitMatrix((minutes + served[:, None]).tolist())
    model.AddDimension(transit, horizon, horizon, False, "clock")
    clock = model.GetDimensionOrDie("clock")
    for at, stop in enumerate(stops):
        node = index.NodeToIndex(base + at)
        clock.CumulVar(node).SetRange(stop.earliest, min(stop.latest, horizon))
        model.AddDisjunction([node], stop.prize)
        able = [k for k, crew in enumerate(crews) if not stop.need & ~crew.skills]
        model.VehicleVar(node).SetValues([-1, *able])
    for k, crew in enumerate(crews):
        clock.CumulVar(model.Start(k)).SetRange(crew.starts, crew.ends)
        clock.CumulVar(model.End(k)).SetRange(crew.starts, crew.ends)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromSeconds(int(4 * seconds) + 1)
    stop_after(model, seconds)
    found = model.SolveWithParameters(settings)
    return int(sum(stop.prize for stop in stops) - found.ObjectiveValue())


def stop_after(model, seconds: float) -> None:
    """End an OR-Tools search after CPU seconds; its own limit counts the wall clock."""
    end = time.process_time() + seconds
    model.AddAtSolutionCallback(
        lambda: model.solver().FinishCurrentSearch() if time.process_time() >= end else None
    )


def vroom(problem: Problem) -> int:
    """VROOM at its deepest search, stopping by itself. It serves by priority, not by prize, so its value is
    only a hint: priorities are the prizes scaled to 0…100."""
    import vroom as engine

    minutes, base = np.asarray(problem.minutes), len(problem.depots)
    model = engine.Input()
    model.set_durations_matrix("car", minutes.astype(np.uint32))
    for at, crew in enumerate(problem.crews):
        model.add_vehicle(
            engine.Vehicle(
                at + 1,
                start=crew.depot,
                end=crew.depot,
                skills={bit for bit in range(63) if crew.skills >> bit & 1},
                time_window=engine.TimeWindow(crew.starts, crew.ends),
            )
        )
    top = max(stop.prize for stop in problem.stops)
    for at, stop in enumerate(problem.stops):
        model.add_job(
            engine.Job(
                at + 1,
                base + at,
                default_service=stop.minutes,
                skills={bit for bit in range(63) if stop.need >> bit & 1},
                priority=100 * stop.prize // top,
                time_windows=[engine.TimeWindow(stop.earliest, stop.latest)],
            )
        )
    value = 0
    for _crew, steps in model.solve(exploration_level=5, nb_threads=1).routes.groupby("vehicle_id"):
        places = steps["location_index"].astype(int).tolist()
        value += sum(problem.stops[place - base].prize for place in places if place >= base)
        value -= int(sum(minutes[a, b] for a, b in pairwise(places)))
    return value
