"""What stands on each kind of paper: plain texts and numbers, made once of what happened. Pure: nothing is asked, nothing is written.

A paper is Japanese, whoever reads it: it is for a Japanese tax office. Sums are those that were settled; nothing is counted again.
"""
import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from machi.contracts.ended import How
from machi.documents.naming import Name
from machi.payments.fees import Settlement
from machi.shared.money import Yen

TEMPLATE = 1                    # how these papers are drawn: a later form has another number, and old papers keep theirs
REDUCED = 800                   # 軽減税率: nothing that is made in this town has it, and the law wants both rates told apart


MOST_LINES = 1_000              # settlements of a month that stand on a paper one by one: about forty sheets


def day(value: datetime.date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def yen(amount: int) -> str:
    return f"{int(amount):,}円"


def paper(title: str, *, by: Name, to: Name, on: datetime.date, of: tuple[str, int], rows: Iterable[tuple[str, str]],
          table: Sequence[Sequence[str]] = (), notes: Iterable[str] = (), figures: dict | None = None) -> dict:
    """The common form of all papers. `table`: its heads, then its lines; `figures`: the sums as numbers, for files."""
    return {"template": TEMPLATE, "title": title, "by": list(by), "to": list(to), "on": on.isoformat(), "date": day(on),
            "sum": [of[0], yen(of[1])], "rows": [list(row) for row in rows if row[1]], "table": [list(line) for line in table],
            "notes": [note for note in notes if note], "figures": figures or {}}


def order(*, client: Name, worker: Name, on: datetime.date, amount: Yen, days: Sequence[datetime.date],
          items: Iterable[tuple[str, str]], additions: Iterable[tuple[str, str]], terms_hash: str) -> dict:
    """発注書: everything both agreed on, as the law wants it in writing (フリーランス法3条), and what was agreed later. `days`: of the
    first agreement, of delivery, of payment, with their years, because a paper is read years later.
    """
    dated = zip(("同意した日", "納品の期日", "支払の期日"), map(day, days), strict=True)
    return paper("発注書", by=client, to=worker, on=on, of=("報酬（税込）", amount), rows=(*dated, *items, *additions),
                 notes=(f"双方が同意した条件の写しです。条件の指紋（SHA-256）：{terms_hash}",), figures={"gross_yen": int(amount)})


def delivery(*, worker: Name, client: Name, on: datetime.date, amount: Yen, title: str, round_: int, has_text: bool, files: int,
             contract: str) -> dict:
    """納品書: what was handed over on which day."""
    given = "、".join(part for part in ("本文" if has_text else "", f"ファイル{files}点" if files else "") if part)
    return paper("納品書", by=worker, to=client, on=on, of=("契約金額（税込）", amount), rows=(
        ("件名", title), ("契約", contract), ("納品日", day(on)), ("納品物", given), ("回数", f"{round_}回目の納品" if round_ > 1 else "")),
        figures={"gross_yen": int(amount)})


def acceptance(*, client: Name, worker: Name, on: datetime.date, money: Settlement, title: str, contract: str, by_town: bool) -> dict:
    """検収書: the work was accepted, by the client or by the end of the days both agreed on."""
    return paper("検収書", by=client, to=worker, on=on, of=("検収金額（税込）", money.gross), rows=(
        ("件名", title), ("契約", contract), ("検収日", day(on)),
        ("検収の方法", "約束した検収の期限が過ぎたため、検収となりました。" if by_town else "発注者が内容を確認しました。")),
        figures={"gross_yen": int(money.gross)})


_ENDED = {
    How.AGREED: "双方が、この額で終えることに同意しました。",
    How.MEDIATED: "街の仲介による案に、双方が同意しました。",
    How.RULED: "双方の考えが合わなかったため、街が裁定で決めました。",
    How.UNANSWERED: "食い違いの届けに発注者から期限までに返事がなく、納品された仕事の支払が決まりました。",
    How.PASSED_ON: "引き継いだ人の仕事が終わり、約束した割合で支払が決まりました。"}


def settled(*, town: Name, client: Name, worker: Name, on: datetime.date, money: Settlement, title: str, contract: str, how: How) -> dict:
    """精算書: the money of a step was settled, and nobody accepted the work. Whose word it was stands there; the town gives it to both."""
    return paper("精算書", by=town, to=Name(f"{client.name} 様、{worker.name}"), on=on, of=("支払う額（税込）", money.gross), rows=(
        ("件名", title), ("契約", contract), ("精算日", day(on)), ("終わり方", _ENDED[how])), figures={"gross_yen": int(money.gross)})


def invoice(*, worker: Name, client: Name, on: datetime.date, money: Settlement, rate: int, title: str, contract: str,
            withheld: str, deduction: str, is_for_worker: bool = False) -> dict:
    """請求書 兼 領収書: with the items of a qualified invoice where its issuer is registered (消費税法57条の4), and told apart by rates
    where not (区分記載). `rate` in 1/10,000; tax is rounded once for each rate, when the step is settled: a step has one invoice. Of tasks
    each settlement rounds once, and a month adds them up (`tasks_invoice`). `withheld`: what that tax is called on the day of payment.
    """
    is_qualified = bool(worker.number)
    return paper("請求書 兼 領収書" if is_qualified else "請求書 兼 領収書（区分記載）", by=worker, to=client, on=on,
                 of=("ご請求金額（税込）", money.gross), rows=(
        ("件名", title), ("契約", contract), ("取引年月日", day(on)),
        (withheld, f"{yen(money.withheld)}（発注者が預かり、税務署に納める額です）" if money.withheld else "")),
        table=(("税率", "対象額（税抜）", "消費税額"), *by_rate(money, rate), ("合計", yen(money.price), yen(money.tax))),
        notes=("代金は、街への仮払いにより受領しました。",
               "この請求書は、媒介者交付特例により、働く人に代わって街が発行しました。" if is_for_worker else "",
               "" if is_qualified else "発行者は適格請求書発行事業者ではありません。", deduction),
        figures=money.in_yen() | {"gross_yen": int(money.gross), "rate": rate})


def by_rate(money: Settlement, rate: int) -> tuple[tuple[str, str, str], ...]:
    """Total and tax of each rate (税率ごとに区分した合計と消費税額)."""
    return ((f"{rate / 100:g}％対象", yen(money.price), yen(money.tax)),
            *([(f"{REDUCED / 100:g}％対象（軽減税率）", yen(0), yen(0))] if rate != REDUCED else []))


def payment(*, town: Name, worker: Name, on: datetime.date, money: Settlement, rate: int, title: str, contract: str, client: str,
            pay_on: datetime.date, withheld: str, is_accepted: bool) -> dict:
    """支払明細書: what the worker gets, what was taken from it, and on which day it leaves."""
    taken = [("システム利用料", -money.fee), (f"利用料の消費税（{rate / 100:g}％）", -money.fee_tax), (withheld, -money.withheld)]
    lines = [("報酬（税抜）", money.price), ("消費税", money.tax), *((name, amount) for name, amount in taken if amount)]
    return paper("支払明細書", by=town, to=worker, on=on, of=("お支払金額", money.worker_receives), rows=(
        ("件名", title), ("契約", contract), ("発注者", client), ("検収日" if is_accepted else "精算日", day(on)), ("支払日", day(pay_on))),
        table=(("内訳", "金額"), *((name, yen(amount)) for name, amount in lines), ("お支払金額", yen(money.worker_receives))),
        figures=money.in_yen() | {"net_yen": int(money.worker_receives), "rate": rate})


def fee(*, town: Name, client: Name, on: datetime.date, money: Settlement, rate: int, title: str, contract: str) -> dict:
    """利用料の請求書 兼 領収書: what the client paid the town beside the price."""
    total = money.client_fee + money.client_fee_tax
    return paper("システム利用料の請求書 兼 領収書", by=town, to=client, on=on, of=("ご請求金額（税込）", total), rows=(
        ("件名", f"システム利用料（{title}）"), ("契約", contract), ("取引年月日", day(on))),
        table=(("税率", "対象額（税抜）", "消費税額"), (f"{rate / 100:g}％対象", yen(money.client_fee), yen(money.client_fee_tax))),
        notes=("代金は、街への仮払いにより受領しました。",),
        figures={"gross_yen": int(total), "client_fee_yen": int(money.client_fee), "client_fee_tax_yen": int(money.client_fee_tax),
                 "rate": rate})


class Settled(NamedTuple):
    """What one closing paid one worker: the document whose tax was rounded, once for each rate and each of both who sell (the worker their
    work, the town its fee). Its number says it to both sides, and nobody's name.
    """

    number: str                         # S123
    batch: int
    closing: str                        # closing:8
    on: datetime.date
    has_registered: bool                # its worker had a number on that day
    rate: int
    money: Settlement


def tasks_invoice(*, town: Name, client: Name, on: datetime.date, parts: Sequence, is_for_workers: bool, withheld: str,
                  deduction: str) -> dict:
    """合計請求書 兼 領収書 of a month of tasks: it adds up its settlements, as `month` adds up invoices, and rounds nothing itself.

    `parts`: of_tasks.Part. Tax stands apart by rate, and by whether its worker had a number.
    """
    told = sorted((one for part in parts for one in part.settled), key=lambda one: (one.on, one.batch, one.closing, one.has_registered))
    money, answers = [one.money for one in told], sum(part.answers_count for part in parts)
    has_registered, has_other = any(one.has_registered for one in told), not all(one.has_registered for one in told)
    is_qualified = bool(town.number) and not has_other and (is_for_workers or not has_registered)
    amount, taken = sum(int(one.client_pays) for one in money), sum(int(one.withheld) for one in money)
    has_fee = any(one.client_fee for one in money)
    return paper("タスクの合計請求書 兼 領収書" if is_qualified else "タスクの合計請求書 兼 領収書（区分記載）", by=town, to=client, on=on,
                 of=("ご請求金額の合計（税込）", amount), rows=(
        ("対象の期間", f"{on.year}年{on.month}月1日から{day(on)}まで"), ("精算の数", f"{len(told):,}件"),
        *_sums_by_rate("登録番号のある働く人の分", [(one.rate, one.money.price, one.money.tax) for one in told if one.has_registered]),
        *_sums_by_rate("登録番号のない働く人の分", [(one.rate, one.money.price, one.money.tax) for one in told if not one.has_registered]),
        *_sums_by_rate("街のシステム利用料", [(one.rate, one.money.client_fee, one.money.client_fee_tax) for one in told]),
        (withheld, f"{yen(taken)}（発注者が預かり、税務署に納める額です）" if taken else ""),
        *((_called(part.batch), _told_of(part)) for part in parts)),
        table=(("精算の番号", "タスク", "取引日", "登録", "報酬", "消費税", *(("利用料", "その税") if has_fee else ()), "計"),
               *_settled_lines(told, has_fee), ("合計", "", "", "", *_sums_of(money, has_fee))),
        notes=("代金は、街への仮払いにより受領しました。",
               "表にある精算をまとめたものです。精算は、働く人1人に1回の締めで支払った分で、1件に1つの番号があります。"
               "消費税額は、精算ごと、税率ごとに1回だけ端数を切り捨てた額の合計です（報酬と利用料は、売り手がちがうので別に計算します）。"
               "月の合計からは計算していません。表の報酬と利用料は税抜、計は税込の額です。",
               f"精算が{MOST_LINES:,}件を超えるので、表は締めごとにまとめました。精算1件ごとの額は街の記録にあり、求めがあれば出します。"
               if len(told) > MOST_LINES else "",
               _for_registered(is_for_workers) if has_registered else "",
               f"登録番号のない働く人の分は、適格請求書ではありません。{deduction}" if has_other else "",
               "" if town.number else "街は適格請求書発行事業者ではありません。"),
        figures={"gross_yen": amount, "withheld_yen": taken, "answers_count": answers}
        | {f"{name}_yen": sum(int(getattr(one, name)) for one in money) for name in ("price", "tax", "client_fee", "client_fee_tax")})


def _settled_lines(told: Sequence[Settled], has_fee: bool) -> Iterator[tuple[str, ...]]:
    """One by one; where that would be a book, those of one closing together, by the first and the last number."""
    of_closing = [list(some) for _key, some in groupby(told, lambda one: (one.closing, one.has_registered))]
    for some in of_closing if len(told) > MOST_LINES else ([one] for one in told):
        first, last, count = some[0], some[-1], len(some)
        number = first.number if count == 1 else f"{first.number}〜{last.number}の{count:,}件"
        yield (number, str(first.batch), f"{first.on.month}/{first.on.day}", "あり" if first.has_registered else "なし",
               *_sums_of([one.money for one in some], has_fee))


def _told_of(part) -> str:
    price, tax, fee, all_of_it = map(yen, (part.money.price, part.money.tax, part.money.client_fee + part.money.client_fee_tax,
                                           part.money.client_pays))
    return f"認めた答え{part.answers_count:,}件、{part.rate / 100:g}％対象{price}、消費税額{tax}、利用料（税込）{fee}、計{all_of_it}"


def _sums_by_rate(said: str, of: Sequence[tuple[int, Yen, Yen]]) -> Iterator[tuple[str, str]]:
    """Of (rate, price, tax) the sums of each rate. What was rounded is added up, never counted again."""
    for rate in sorted({rate for rate, price, _tax in of if price}):
        price, tax = (sum(int(one[part]) for one in of if one[0] == rate) for part in (1, 2))
        yield f"{rate / 100:g}％対象（{said}）", f"対象額 {yen(price)}、消費税額 {yen(tax)}"


def _sums_of(money: Sequence[Settlement], has_fee: bool) -> list[str]:
    parts = ("price", "tax", *(("client_fee", "client_fee_tax") if has_fee else ()), "client_pays")
    return [yen(sum(int(getattr(one, part)) for one in money)) for part in parts]


def _for_registered(is_for_workers: bool) -> str:
    if is_for_workers:
        return "登録番号のある働く人の分は、媒介者交付特例により、働く人に代わって街が発行しました。"
    return "登録番号のある働く人の分も、街は代わって発行していないので、適格請求書ではありません。"


def tasks_payment(*, town: Name, worker: Name, on: datetime.date, parts: Sequence, pay_on: Sequence[datetime.date], withheld: str) -> dict:
    """支払明細書 of a month of tasks: batch by batch what was earned, what was taken from it, what is paid, and on which days."""
    money = [part.money for part in parts]
    amount, count = sum(int(one.worker_receives) for one in money), sum(part.answers_count for part in parts)
    of = (lambda one: one.price, lambda one: one.tax, lambda one: one.fee + one.fee_tax, lambda one: one.withheld,
          lambda one: one.worker_receives)
    return paper("タスクの支払明細書", by=town, to=worker, on=on, of=("お支払金額", amount), rows=(
        ("対象の期間", f"{on.year}年{on.month}月1日から{day(on)}までに認められた答え"), ("支払日", "、".join(map(day, pay_on))),
        ("精算の番号", "、".join(one.number for part in parts for one in part.settled))),
        table=(("タスク", "認められた答え", "報酬（税抜）", "消費税", "利用料（税込）", withheld, "お支払金額"),
               *((_called(part.batch), f"{part.answers_count:,}件", *(yen(one(part.money)) for one in of)) for part in parts),
               ("合計", f"{count:,}件", *(yen(sum(int(one(each)) for each in money)) for one in of))),
        notes=("精算は、1回の締めで支払った分で、1件に1つの番号があります。消費税額、利用料、源泉徴収税額は、精算ごとに1回だけ端数を切り捨てた額の合計です。",),
        figures={"net_yen": amount, "answers_count": count} | {
            f"{name}_yen": sum(int(getattr(one, name)) for one in money) for name in ("price", "tax", "fee", "fee_tax", "withheld")})


def _called(batch) -> str:
    return f"{batch.title}（タスク {batch.pk}）"


def month(*, town: Name, client: Name, on: datetime.date, amount: Yen, tax: int, lines: Sequence[Sequence[str]],
          has_tasks: bool = False) -> dict:
    """合計請求書: the invoices of a month together. `lines`: day, number, sum without tax, tax. `has_tasks`: one of them adds up itself."""
    return paper(f"合計請求書（{on.year}年{on.month}月）", by=town, to=client, on=on, of=("ご請求金額の合計（税込）", amount), rows=(
        ("対象の期間", f"{on.year}年{on.month}月1日から{day(on)}まで"), ("請求書の数", f"{len(lines)}件")),
        table=(("取引年月日", "請求書の番号", "対象額（税抜）", "消費税額"), *lines, ("合計", "", yen(amount - tax), yen(tax))),
        notes=("表にある請求書をまとめたものです。消費税額は、請求書ごとに1回だけ端数を切り捨てた額の合計です。",
               "タスクの合計請求書の消費税額は、その表にある精算ごとに1回だけ端数を切り捨てた額の合計です。" if has_tasks else "",
               "発行者の名前と登録番号、税率は、それぞれの請求書にあります。代金は、街への仮払いにより受領しました。"),
        figures={"gross_yen": int(amount), "tax_yen": tax})


def year(*, town: Name, worker: Name, on: datetime.date, amount: Yen, months: Sequence[tuple[int, Sequence[Settlement]]],
         tasks: tuple[int, int] = (0, 0)) -> dict:
    """年間支払明細書: by the month in which work was accepted. `tasks`: the answers to micro-tasks among it, and what they brought."""
    def told(name: str, of: Sequence[Settlement]) -> tuple[str, ...]:
        sums = (sum(one.gross for one in of), sum(one.fee + one.fee_tax for one in of), sum(one.withheld for one in of),
                sum(one.worker_receives for one in of))
        return name, *map(yen, sums)
    every = [one for _number, of in months for one in of]
    return paper(f"年間支払明細書（{on.year}年）", by=town, to=worker, on=on, of=("お支払金額の合計", amount), rows=(
        ("対象の期間", f"{on.year}年1月1日から{day(on)}までに検収、精算された仕事"), ("支払明細書の数", f"{len(every)}件"),
        ("そのうちタスク", f"認められた答え{tasks[0]:,}件、お支払金額{yen(tasks[1])}" if tasks[0] else "")),
        table=(("月", "報酬（税込）", "利用料（税込）", "源泉徴収税額", "お支払金額"),
               *(told(f"{number}月", of) for number, of in months), told("合計", every)),
        figures={"gross_yen": int(sum(one.gross for one in every)), "fee_yen": int(sum(one.fee + one.fee_tax for one in every)),
                 "withheld_yen": int(sum(one.withheld for one in every)), "net_yen": int(amount)})


def deduction_said(percent: int, until: datetime.date | None) -> str:
    """What a buyer may deduct of tax paid to somebody without a number (経過措置), in the words of a paper."""
    if percent == 100:
        return ""
    if not percent:
        return "この取引の消費税額は、仕入税額控除の対象になりません。"
    told = f"（この割合は{day(until)}までです）" if until else ""
    return f"仕入税額控除の経過措置により、消費税額相当額の{percent}％を控除できます{told}。"
