"""What tests of the verbs share: what a move left behind, and two hands at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from civic.core.errors import Denied, Refused
from civic.fairs.models import Fair
from civic.fairs.states import LIFE, FairState
from civic.journal.models import Entry
from civic.notices.models import Notice

# Who arranges nothing in 府前社区: neighbours, its station, the next township and county, who only reads.
OTHERS = ("zhang", "li", "wang", "station_clerk", "stranger", "other_dispatcher", "supervisor", "admin")


def closed_to(move):
    """Every state from which `move` may not be made."""
    return [str(state) for state in FairState if not LIFE.is_open_to(move, state)]


def fresh(fair):
    """The fair as the database has it now."""
    return Fair.objects.get(pk=fair.pk)


def last_line(thing):
    """(what, who) of the newest journal line about a thing."""
    found = Entry.objects.filter(about_type=thing._meta.label_lower, about_id=thing.pk)
    entry = found.order_by("-id").first()
    return entry.what, entry.by


def told():
    """{(person, kind)} of every notice."""
    found = Notice.objects.select_related("person").order_by("id")
    return {(notice.person, notice.kind.removeprefix("fairs.")) for notice in found}


def at_once(*acts):
    """Run the acts in threads that begin together; their outcomes in alphabetical order."""
    ready = threading.Barrier(len(acts))

    def run(act):
        ready.wait(10)
        try:
            act()
        except Refused:
            return "refused"
        except Denied:
            return "denied"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))
