"""The receipt of rights (権利の受領書): what went from whom to whom, on which day, for how much; frozen, numbered, fingerprinted."""
import datetime
import hashlib

from django.utils.translation import gettext as _

from machi.jobs.models import Job
from machi.notifications.words import day, moment, yen
from machi.payments.fees import Settlement
from machi.proposals.entries import Entry, RightsPaper
from machi.shared import clock
from machi.shared.seals import fingerprint
from machi.taxes.rates import withheld_name


def rights_paper(job: Job, entry: Entry, money: Settlement, pay_on: datetime.date) -> RightsPaper:
    """The paper of one winner, not saved yet. Of a text it holds the fingerprint: the text itself lies with the entry."""
    now, number = clock.now(), f"{job.pk}-{entry.number}"
    files = entry.files.select_related("file").order_by("pk")
    paper = {
        "number": number, "contest": job.title, "entry": entry.number, "title": entry.title, "prize": entry.prize,
        "maker_name": entry.worker.name, "client_name": job.client_name, "client_address": job.client_address,
        "rights": job.rights, "transferred_at": now.isoformat(), "ai_note": entry.ai_note,
        "text_sha256": hashlib.sha256(entry.text.encode()).hexdigest() if entry.text else "",
        "files": [{"name": one.file.name, "size": one.file.size, "sha256": one.file.sha256} for one in files],
        "price_yen": int(money.price), "tax_yen": int(money.tax), "fee_yen": int(money.fee + money.fee_tax),
        "withheld_yen": int(money.withheld), "net_yen": int(money.worker_receives), "pay_on": pay_on.isoformat()}
    return RightsPaper(entry=entry, number=number, paper=paper, paper_hash=fingerprint(paper), issued_at=now)


def receipt_rows(paper: dict) -> list[tuple[str, str]]:
    """The receipt item by item, as people read it; the fingerprints of what was handed over stand beside it."""
    client = {"name": paper["client_name"], "address": paper["client_address"]}
    prize = {"n": paper["prize"], "price": yen(paper["price_yen"]), "tax": yen(paper["tax_yen"])}
    return [
        (_("receipt.number"), paper["number"]),
        (_("receipt.what"), paper["title"] or _("entry.numbered") % {"n": paper["entry"]}),
        (_("receipt.contest"), paper["contest"]),
        (_("receipt.from"), paper["maker_name"]),
        (_("receipt.to"), _("receipt.party") % client if client["address"] else client["name"]),
        (_("receipt.day"), moment(datetime.datetime.fromisoformat(paper["transferred_at"]))),
        (_("job.rights.label"), _("receipt.transferred") if paper["rights"] == Job.Rights.TRANSFERRED else _("receipt.licensed")),
        (_("receipt.prize"), _("receipt.prize.say") % prize),
        (_("money.fee"), yen(paper["fee_yen"])),
        *([(withheld_name(datetime.date.fromisoformat(paper["pay_on"])), yen(paper["withheld_yen"]))] if paper["withheld_yen"] else []),
        (_("money.net"), yen(paper["net_yen"])),
        (_("money.pay_on"), day(datetime.date.fromisoformat(paper["pay_on"]))),
        *([(_("deliver.ai_note"), paper["ai_note"])] if paper["ai_note"] else [])]
