"""What all parts stand on, built from the settings: the database, and guarded ways to vendors."""

from dataclasses import dataclass

from service.config.settings import Settings
from service.guard.call_guard import CallGuard
from service.guard.circuit_breaker import CircuitBreaker
from service.guard.daily_limit import DailyLimit
from service.guard.foreground import Foreground
from service.guard.rate_limit import RateLimiter, limits
from service.guard.shutdown import Shutdown
from service.guard.vendor_health import VendorHealth
from service.guard.vendors import Vendors, build_vendors
from service.observability.tracing import Tracing, make_tracing
from service.records.database import AsyncPool, Database, make_async_pool

ASYNC_CONNECTIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What all other parts stand on.

    Attributes:
        settings: of the whole service.
        database: connections of threads.
        pool: connections of the event loop.
        stop: set once, when the process is asked to stop.
        breaker: pauses the work while a vendor is down.
        health: what the vendors' last responses showed.
        foreground: the requests that are being answered.
        tracing: where traces go.
        vendors: the guarded ways to them.
        daily_limit: how much may be written in a day.
    """

    settings: Settings
    database: Database
    pool: AsyncPool
    stop: Shutdown
    breaker: CircuitBreaker
    health: VendorHealth
    foreground: Foreground
    tracing: Tracing
    vendors: Vendors
    daily_limit: DailyLimit


def build_base(settings: Settings, *, blocking_connections: int) -> Base:
    """Build it; nothing is connected to yet.

    Args:
        settings: of the whole service.
        blocking_connections: how many threads may use the database at once.
    """
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=blocking_connections)
    stop = Shutdown()
    breaker = CircuitBreaker(database)
    health = VendorHealth(database)
    foreground = Foreground()
    guard = CallGuard(
        stop,
        RateLimiter(database, limits(settings), breaker=breaker, wait=stop.wait),
        breaker,
        is_dry_run=settings.dry_run,
        health=health,
        foreground=foreground,
    )
    tracing = make_tracing(settings.traces_url)
    return Base(
        settings=settings,
        database=database,
        pool=make_async_pool(url, most_connections=ASYNC_CONNECTIONS),
        stop=stop,
        breaker=breaker,
        health=health,
        foreground=foreground,
        tracing=tracing,
        vendors=build_vendors(settings, guard, tracing),
        daily_limit=DailyLimit(database, limit=settings.daily_limit, timezone=settings.timezone),
    )
