"""How likely breaches are: count what became of like records, or try the forecast on history."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.public import tenant_by_code
from sla.engine import BackTest, Score
from sla.services.forecast import NoHistoryError, rebuild_forecasts, try_forecasts
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant


class Command(BaseCommand):
    help = (
        "Count what became of like records, which forecasts are read from (done nightly too). With --backtest: write"
        " nothing, learn from what was known at an instant, try it on what was opened later, and print Brier scores"
        " (0 is perfect) beside the fixed warning's and the base rate's, and how well probabilities came true."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="code of the tenant")
        parser.add_argument("--backtest", action="store_true", help="try the forecast, write nothing")
        parser.add_argument(
            "--import", dest="source", default="", metavar="NAME", help="only the history imported as NAME"
        )
        parser.add_argument("--cut", metavar="DATE", help="learn from before, try from then on (UTC)")

        parser.add_argument(
            "--rolling", action="store_true", help="go on learning after the cut, as the nightly count does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tenant = tenant_by_code(options["tenant"])
        except Tenant.DoesNotExist as error:
            raise CommandError(f"no tenant has the code {options['tenant']!r}") from error
        if not options["backtest"] and (options["source"] or options["cut"] or options["rolling"]):
            raise CommandError("--import, --cut and --rolling go with --backtest")
        cut = self._date(options["cut"])
        with tenant_scope(tenant.pk, actor="system:forecast"):
            now = timezone.now()
            if not options["backtest"]:
                counted = rebuild_forecasts(at=now)
                self.stdout.write(
                    f"{counted.records} records counted, {counted.breached} of them breached;"
                    f" {counted.tallies} tallies written"
                )
                return
            try:
                used, found = try_forecasts(
                    cut=cut, now=now, origin=options["source"], is_rolling=options["rolling"]
                )
            except NoHistoryError as error:
                raise CommandError(str(error)) from error
        self._print(used, found)

    def _print(self, cut: datetime, found: BackTest) -> None:
        write = self.stdout.write
        write(f"learnt from {found.learnt} records known before {cut:%Y-%m-%d %H:%M} UTC", ending=", ")
        write(f"{found.learnt_breached} of them breached; tried on {found.tried_records} opened later")
        write("Brier score     tried  silent  forecast  fixed 75 %  base rate")
        for percent, score in found.points.items():
            write(_line(f"at {percent} %", score))
        write(_line("over all", found.whole))
        write("calibration     tried  predicted  observed")
        for place, decile in enumerate(found.deciles):
            if decile.tried:
                band = f"{place * 10} to {place * 10 + 10} %"
                predicted, observed = decile.predicted / decile.tried, decile.observed / decile.tried
                write(f"{band:<14} {decile.tried:>6}  {predicted:>9.3f}  {observed:>8.3f}")

    def _date(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError as error:
            raise CommandError(f"{text!r} is not a date: use YYYY-MM-DD") from error


def _line(label: str, score: Score) -> str:
    told, fixed, base = score.means()
    return f"{label:<14} {score.tried:>6}  {score.silent:>6}  {told:>8.4f}  {fixed:>10.4f}  {base:>9.4f}"
