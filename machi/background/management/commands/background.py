"""The background: goes its rounds until asked to stop, through any loss of the database."""
import asyncio
import logging
import signal

from django.core.management.base import BaseCommand
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from machi.background.rounds import register

log = logging.getLogger("machi.background")
AT_ONE_TIME = 4                                         # a slow round does not hold up the quick one
GONE_AFTER_SECONDS = 30


class Command(BaseCommand):
    help = "Does what is due by the clock. Any number of these processes may run; each deed is done once."

    def handle(self, **options):
        register(app)
        asyncio.run(stay())


async def stay() -> None:
    stopping = asyncio.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(kind, stopping.set)
    while not stopping.is_set():
        shift = asyncio.create_task(one_shift())
        ending = asyncio.create_task(stopping.wait())
        await asyncio.wait({shift, ending}, return_when=asyncio.FIRST_COMPLETED)
        shift.cancel()
        ending.cancel()
        (outcome, _ended) = await asyncio.gather(shift, ending, return_exceptions=True)
        if not stopping.is_set():
            log.warning("the database went away (%s); trying again", str(outcome or "").strip().partition("\n")[0])
            await asyncio.sleep(1)


async def one_shift() -> None:
    """Until cancelled, or until the connection is lost."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=10, reconnect_timeout=5)
    with app.replace_connector(connector):
        async with app.open_async():
            await clear_away()
            await app.run_worker_async(concurrency=AT_ONE_TIME, install_signal_handlers=False, delete_jobs="always",
                                       shutdown_graceful_timeout=8)


async def clear_away() -> None:
    """Rounds that were under way when their process was killed: they are forgotten, the next round does it all."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GONE_AFTER_SECONDS):
        try:
            await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
        except exceptions.ConnectorException:
            log.debug("another process was faster")
