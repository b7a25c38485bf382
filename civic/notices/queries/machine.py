"""How the machine is: jobs, messages, disk, worker, backup. For the system admin."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from civic.core.release import version
from civic.notices.models import Delivery, DeliveryState

GOOD, FAIR, BAD = "done", "due", "over"  # kinds of the tag
WORKER_SECONDS = 60
LATE_MINUTES = 10
FREE_BYTES = 1_000_000_000
BACKUP_DAYS = 2
FAILED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """One line: what, how it is (a kind of tag and a word), and details."""

    about: str
    kind: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Health:
    """Every line, and the messages that failed for good."""

    marks: list[Mark]
    failed: list[Delivery]


def health(at: datetime) -> Health:
    """How everything is at `at`."""
    failed = Delivery.objects.filter(state=DeliveryState.FAILED, notice__isnull=False).order_by("-id")
    marks = [_worker(at), _jobs(at), _messages(at), _disk(), _backup(at), _database(), _release()]
    return Health(marks, list(failed[:FAILED_SHOWN]))


def _row(query: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: tuple[object, ...] = cursor.fetchone()
        return found


def _worker(at: datetime) -> Mark:
    beat = _row("SELECT max(last_heartbeat) FROM procrastinate_workers")[0]
    about = _("后台任务进程")
    if not isinstance(beat, datetime):
        return Mark(about, BAD, _("没有运行"), _("还没有启动过。在服务器上运行 civic serve。"))
    seconds = int((at - beat).total_seconds())
    words = _("{seconds} 秒前有心跳").format(seconds=max(seconds, 0))
    if seconds > WORKER_SECONDS:
        return Mark(about, BAD, _("没有运行"), words)
    return Mark(about, GOOD, _("正常"), words)


def _jobs(at: datetime) -> Mark:
    waiting, failed, oldest = _row(
        "SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'failed'), "
        "min(scheduled_at) FILTER (WHERE status = 'todo') FROM procrastinate_jobs"
    )
    text = _("{waiting} 个在等，{failed} 个失败").format(waiting=waiting, failed=failed)
    late = isinstance(oldest, datetime) and oldest < at - timedelta(minutes=LATE_MINUTES)
    if failed or late:
        return Mark(_("任务队列"), FAIR, _("要看一看"), text)
    return Mark(_("任务队列"), GOOD, _("正常"), text)


def _messages(at: datetime) -> Mark:
    counts = dict(Delivery.objects.order_by("state").values_list("state").annotate(count=Count("id")))
    oldest = Delivery.objects.filter(state=DeliveryState.QUEUED).aggregate(oldest=Min("queued_at"))["oldest"]
    text = _("{queued} 条待发，{sent} 条已发，{failed} 条没发出去（通道 {channel}）").format(
        queued=counts.get("queued", 0),
        sent=counts.get("sent", 0),
        failed=counts.get("failed", 0),
        channel=settings.NOTICE_CHANNEL,
    )
    if oldest is not None and oldest < at - timedelta(minutes=LATE_MINUTES):
        return Mark(_("短信"), BAD, _("发不出去"), text)
    if counts.get("failed"):
        return Mark(_("短信"), FAIR, _("有没发出去的"), text)
    return Mark(_("短信"), GOOD, _("正常"), text)


def _disk() -> Mark:
    free = shutil.disk_usage(settings.DATA).free if Path(settings.DATA).exists() else 0
    text = _("剩余 {free} GB").format(free=round(free / 1e9, 1))
    return (
        Mark(_("磁盘"), GOOD, _("正常"), text)
        if free > FREE_BYTES
        else Mark(_("磁盘"), BAD, _("快满了"), text)
    )


def _backup(at: datetime) -> Mark:
    record = Path(settings.DATA) / "last-backup"
    try:
        taken = datetime.fromisoformat(record.read_text(encoding="utf-8").split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return Mark(_("备份"), FAIR, _("还没有"), _("在服务器上运行 civic backup，并排进每天的任务。"))
    hours = int((at - taken).total_seconds() // 3600)
    text = _("{hours} 小时前").format(hours=max(hours, 0))
    if at - taken > timedelta(days=BACKUP_DAYS):
        return Mark(_("备份"), FAIR, _("太久了"), text)
    return Mark(_("备份"), GOOD, _("正常"), text)


def _database() -> Mark:
    size, number = _row("SELECT pg_database_size(current_database()), current_setting('server_version')")
    text = f"PostgreSQL {number}，{int(str(size)) // 1_000_000} MB"
    return Mark(_("数据库"), GOOD, _("正常"), text)


def _release() -> Mark:
    return Mark(_("版本"), GOOD, _("正常"), version())
