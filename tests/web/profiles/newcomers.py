"""Somebody who has just joined, what they type into the form for a whole page, and how a page is read."""
import re

EXPERT = {
    "call_name": "みどり", "headline": "決算書を読める文にします", "statement_1": "決算の要点を一枚にまとめられます",
    "evidence_1": "https://example.jp/works", "hand_me_1": "決算の要約、1社1枚", "skill": "こうせい",
    "role": "経理", "role_years": "12年", "topic": "簿記",
    "topic_years": "20", "depth": "teaching",
    "piece_title": "決算のまとめ", "piece_part": "本文は私です", "piece_link": "example.jp/matome",
    "hours": "週15時間", "amount_yen": "３,０００円", "tax": "included", "is_public": "True",
    "is_scoutable": "on"}


def plain(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


def seal_in(answer) -> str:
    return re.search(r'name="seen" value="(\w+)"', plain(answer))[1]
