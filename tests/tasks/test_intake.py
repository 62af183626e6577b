"""A client brings a file of items: what they can bring, what each faulty row is told, and what a file made to harm comes to."""
import io
import json
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from machi.tasks import intake
from machi.tasks.intake import Fault, Refused, Row, look_through, read

ITEMS = [("1", "サッカーの写真", "https://example.jp/1.jpg"), ("2", "髙﨑さんの花", "")]
NAMES = ("番号", "題", "画像")


def csv_of(*lines: str, encoding: str = "utf-8", end: str = "\n") -> io.BytesIO:
    return io.BytesIO(end.join(lines).encode(encoding))


def sheet_of(*rows) -> io.BytesIO:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def rows_of(file) -> list:
    return list(read(file).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_as_any_program_writes_it(encoding, delimiter, end):
    table = read(csv_of(*(delimiter.join(row) for row in (NAMES, *ITEMS)), encoding=encoding, end=end))

    assert table.columns == NAMES and list(table.rows) == [Row(2, ITEMS[0]), Row(3, ITEMS[1])]


def test_a_spreadsheet_and_lines_of_json_say_the_same_as_csv():
    sheet = sheet_of(NAMES, *ITEMS)
    objects = csv_of(*(json.dumps(dict(zip(NAMES, item, strict=True)), ensure_ascii=False) for item in ITEMS))

    for file in (sheet, objects):
        found = look_through(file)
        assert (found.columns, found.count, [row.cells for row in found.first], found.faults) == (NAMES, 2, ITEMS, [])


def test_numbers_days_and_yes_are_what_somebody_would_type():
    file = csv_of('{"a": 3, "b": 2.50, "c": true, "d": null}', '{"d": 4.0, "a": -1}')
    assert [row.cells for row in rows_of(file)] == [("3", "2.5", "true", ""), ("-1", "", "", "4")]


def test_a_formula_is_text_and_a_script_is_text():
    assert [row.cells for row in rows_of(csv_of("a,b", '=1+1,"<script>alert(1)</script>"', "@x,+81"))] == [
        ("=1+1", "<script>alert(1)</script>"), ("@x", "+81")]


def test_every_faulty_row_is_told_with_its_line_and_the_others_are_counted():
    file = csv_of("id,text", "1,a", "2,b,c", "", f"3,{'あ' * 10_001}", "4", '5,"two', 'lines"')
    found = look_through(file)

    assert [fault.line for fault in found.faults] == [3, 5] and "「text」" in found.faults[1].said and found.count == 3
    assert [row.cells for row in found.first] == [("1", "a"), ("4", ""), ("5", "two\nlines")]


def test_of_many_faults_the_first_are_shown_and_all_are_counted():
    found = look_through(csv_of("a", *["1,2"] * 5_000))
    assert (found.faults_count, len(found.faults), found.count) == (5_000, intake.FAULTS_SHOWN, 0)


@pytest.mark.parametrize("line", ["[1]", "{", '{"a": NaN}', '{"b": 1}', '{"a": [1]}', '{"a": {"b": 1}}', "[" * 100_000, '"a"'])
def test_a_line_that_is_no_item_is_told(line):
    first, second, third = rows_of(csv_of('{"a": 1}', line[:90_000], '{"a": 2}'))
    assert isinstance(second, Fault) and second.line == 2 and second.said and (first.cells, third.cells) == (("1",), ("2",))


@pytest.mark.parametrize("content", [
    b"", b"\n\n", b"%PDF-1.7", b"\0" * 900, "a,b\n1,\x00\ud83d".encode("utf-8", "surrogatepass"), b'a,b\n"1,2\n', b"a,,b\n1,2,3\n",
    b"a,a\n1,2\n", b"a\n" + b"x" * 10_000_000, b"a\n\x81\xff\n", (",".join(str(n) for n in range(61)) + "\n1\n").encode(),
    b"x" * 61 + b"\n1\n", b"a\n", b"{\n", b"PK\x03\x04 no zip"])
def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(content):
    with pytest.raises(Refused) as refusal:
        look_through(io.BytesIO(content))
    assert str(refusal.value) and "%(" not in str(refusal.value) and "tasks.file" not in str(refusal.value)


def test_more_rows_than_a_batch_may_have_are_refused(monkeypatch):
    monkeypatch.setattr(intake, "MOST_ROWS", 3)
    assert look_through(csv_of("a", "1", "2", "3")).count == 3
    with pytest.raises(Refused):
        look_through(csv_of("a", "1", "2", "3", "4"))


def a_bomb(shared: bool = False) -> io.BytesIO:
    """A spreadsheet of a few kilobytes that unpacks to more than a gigabyte."""
    file = sheet_of(("a",), ("1",))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed, \
            packed.open("xl/sharedStrings.xml" if shared else "xl/worksheets/more.xml", "w", force_zip64=True) as part:
        for _chunk in range(70 if shared else 210):
            part.write(b" " * 1_000_000)
    return file


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("shared", [True, False])
def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(shared):
    bomb = a_bomb(shared)
    tracemalloc.start()
    with pytest.raises(Refused):
        look_through(bomb)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">""" + b"".join(
    f'<!ENTITY {chr(n)} "{f"&{chr(n - 1)};" * 20}">'.encode() for n in range(ord("b"), ord("k"))) + b"]><worksheet>&j;</worksheet>"


@pytest.mark.parametrize("part", [LAUGHS, b"<worksheet>", b"no xml"])
def test_a_sheet_whose_inside_is_spoilt_or_laughs_a_billion_times_is_refused(part):
    packed, spoilt = zipfile.ZipFile(sheet_of(("a",), ("1",))), io.BytesIO()
    with zipfile.ZipFile(spoilt, "w") as out:
        for name in packed.namelist():
            out.writestr(name, part if name.endswith("sheet1.xml") else packed.read(name))
    with pytest.raises(Refused):
        look_through(spoilt)


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_sheet_whose_bytes_were_changed_behind_its_first_rows_is_refused(way):
    sheet, spoilt = zipfile.ZipFile(sheet_of(("a",), *((str(n * 7919),) for n in range(20_000)))), io.BytesIO()
    with zipfile.ZipFile(spoilt, "w", way) as out:
        for name in sorted(sheet.namelist(), key=lambda name: "sheet1" in name):
            out.writestr(name, sheet.read(name))
        last = out.getinfo("xl/worksheets/sheet1.xml")
    for eighth in range(2, 8):                      # somewhere the packing itself breaks, elsewhere what is packed in it
        changed, at = io.BytesIO(spoilt.getvalue()), last.header_offset + last.compress_size * eighth // 8
        changed.getbuffer()[at:at + 200] = bytes(range(200))
        assert len(intake.look_at_start(changed).first) == intake.ROWS_SHOWN
        with pytest.raises(Refused):
            look_through(changed)


@given(st.binary(max_size=400))
def test_whatever_bytes_come_there_is_a_table_or_one_sentence(content):
    try:
        found = look_through(io.BytesIO(content))
    except Refused:
        return
    assert found.count + found.faults_count > 0 and all(found.columns)


def test_a_long_file_is_walked_through_without_being_held():
    rows = (b"%d,a piece of text about number %d,https://example.jp/%d.jpg\n" % (n, n, n) for n in range(60_000))
    file = io.BytesIO(b"id,text,place\n" + b"".join(rows))
    tracemalloc.start()
    assert look_through(file).count == 60_000
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000


def test_a_fault_of_our_own_is_not_called_a_spoilt_file(monkeypatch):
    def broken(_cell):
        raise TypeError("ours")
    monkeypatch.setattr("machi.tasks.sheets.text_of", broken)
    with pytest.raises(TypeError, match="ours"):
        look_through(sheet_of(NAMES, *ITEMS))
