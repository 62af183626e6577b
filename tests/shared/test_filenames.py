"""What people call things becomes the name of a file on every disk."""
import pytest

from machi.shared.filenames import in_a_name


@pytest.mark.parametrize(("given", "name"), [
    ("みなと応援会", "みなと応援会"), ("a/b\\c:d", "a_b_c_d"), ("../../etc/passwd", "etc_passwd"), ("..", "_"), ("", "_"),
    ("か\u3099", "が"), ("\u202eexe.𠮷", "exe.𠮷"), ("株 式　会社\t\n", "株_式_会社"), ("100%.csv", "100_.csv"), ("a\0b.png", "ab.png")])
def test_letters_that_a_disk_stumbles_over_give_way(given, name):
    assert in_a_name(given) == name


def test_of_a_long_name_the_ending_stays():
    assert in_a_name("あ" * 200 + ".pdf") == "あ" * 76 + ".pdf"
    assert in_a_name("あ" * 200, longest=20) == "あ" * 20 and len(in_a_name("a." + "い" * 200)) == 80
