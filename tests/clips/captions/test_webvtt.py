"""Caption files: what is kept, what is dropped, what is refused and where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clips.captions import languages, webvtt
from clips.captions.webvtt import Cue
from clips.exceptions import CaptionsRefused

LENGTH = 9_000  # ms


def problems(text: str | bytes, duration_ms: int = LENGTH) -> list[tuple[int, str]]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(CaptionsRefused) as refused:
        webvtt.read(data, duration_ms=duration_ms)
    return refused.value.problems


def test_comments_styles_regions_and_settings_go():
    text = (
        "\ufeffWEBVTT - a title\nKind: captions\n\nNOTE by me\nover two lines\n\nSTYLE\n::cue { color: red }\n\n"
        "REGION\nid:a\n\nfirst\n00:01.000 --> 00:02.500 line:0 align:start\nHello\nthere\n"
    )
    assert webvtt.read(text.encode(), duration_ms=LENGTH) == [Cue(1_000, 2_500, "Hello\nthere")]


def test_subrip_becomes_webvtt():
    first = '1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<font color="red">Hej</font>\r\n'
    text = f"{first}\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n<i>du</i>\r\n"
    cues = webvtt.read(text.encode("utf-16"), duration_ms=LENGTH)
    assert webvtt.write(cues) == ("WEBVTT\n\n00:01.000 --> 00:02.500\nHej\n\n00:03.000 --> 00:04.000\n<i>du</i>\n")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<b>bold</b> <i>and <u>under</i>", "<b>bold</b> <i>and <u>under</u></i>"),
        ("</b>loose", "loose"),
        ("<v Ana Lima>Olá", "Ana Lima: Olá"),
        ("<c.yellow>a</c> <00:01.000>b <lang pt>c</lang> <ruby>d<rt>e</rt></ruby>", "a b c de"),
        ("<script>alert(1)</script><img src=x onerror=alert(1)>x", "alert(1)x"),
        ("<b onclick=alert(1)>x</b>", "<b>x</b>"),
        ("Tom &amp; &lt;b&gt; Jerry --&gt; x", "Tom &amp; &lt;b&gt; Jerry --&gt; x"),
        ("3 < 4 & 5 > 2", "3 &lt; 4 &amp; 5 &gt; 2"),
        ("a\u202eb\u0000c &#x202e;d", "abc d"),
    ],
)
def test_only_safe_markup_is_kept(given, kept):
    assert webvtt.safe_text(given, escaped=True) == kept


def test_what_a_person_types_is_taken_as_it_is():
    assert webvtt.safe_text("I <3 you &amp; <i>them</i>", escaped=False) == "I &lt;3 you &amp;amp; <i>them</i>"
    assert Cue(0, 1, "I &lt;3 you").typed == "I <3 you"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("<html>", 1),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nx", 1),
        ("WEBVTT\n\n", 0),
        ("WEBVTT\n\nno time here\n", 3),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nx", 3),
        ("WEBVTT\n\nid\n00:61.000 --> 00:62.000\nx", 4),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", 3),
        ("WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:02.000\ny", 6),
        ("WEBVTT\n\n00:08.000 --> 00:11.000\nx", 3),
        ("WEBVTT\n\n00:12.000 --> 00:13.000\nx", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<c> </c>\n", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "x" * 401, 3),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe", 0),
        ("WEBVTT\n\n" + "x" * 300_000, 0),
    ],
)
def test_refusals_name_the_line(text, line):
    assert problems(text)[0][0] == line


def test_too_many_cues_are_refused_and_a_long_list_of_faults_is_cut():
    many = "WEBVTT\n\n" + "".join("00:01.000 --> 00:02.000\nx\n\n" for _ in range(webvtt.MAX_CUES + 1))
    assert problems(many)[0][0] == 0
    assert len(problems("WEBVTT\n\n" + "bad\n\n" * 500)) == webvtt.MAX_PROBLEMS


def test_a_last_cue_that_runs_over_by_a_little_is_cut_to_the_end():
    assert webvtt.read(b"WEBVTT\n\n00:08.000 --> 00:09.900\nbye", duration_ms=LENGTH) == [Cue(8_000, 9_000, "bye")]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_whatever_comes_in_what_is_written_is_read_again_the_same(text):
    safe = webvtt.safe_text(text, escaped=True)
    if not safe or len(Cue(0, 1, safe).typed) > webvtt.MAX_TEXT:
        return
    written = webvtt.write([Cue(0, 1_000, safe)])
    assert webvtt.write(webvtt.parse(written, duration_ms=LENGTH)) == written
    assert written.count("-->") == 1


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("WEBVT\n-> 0123:.,<>/biuvc&;x"), max_size=300), st.integers(0, 10_000))
def test_no_file_breaks_the_reader(text, duration_ms):
    try:
        cues = webvtt.parse("WEBVTT\n\n" + text, duration_ms=duration_ms)
    except CaptionsRefused:
        return
    assert all(cue.start < cue.end <= duration_ms for cue in cues)


@pytest.mark.parametrize(
    ("typed", "ms"),
    [("0:01.5", 1_500), ("62.25", 62_250), ("1:2:3", 3_723_000), ("00:01,500", 1_500), ("7", 7_000)],
)
def test_times_as_people_type_them(typed, ms):
    assert webvtt.moment(typed) == ms


@pytest.mark.parametrize("typed", ["", "x", "1:", "-1", "1:75", "١:٢", "1.2345", "9" * 30])
def test_what_is_no_time(typed):
    assert webvtt.moment(typed) is None


@pytest.mark.parametrize(
    ("given", "tag"),
    [("EN", "en"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("de-1996", "de-1996"), ("es-419", "es-419")],
)
def test_language_tags_are_written_in_one_way(given, tag):
    assert languages.canonical(given) == tag


@pytest.mark.parametrize("given", ["", "e", "en-", "x-mine", "en us", "en-x-mine", "../etc", "a" * 80, "en\x00"])
def test_what_is_no_language_tag(given):
    assert languages.canonical(given) is None


def test_names_and_directions_of_languages():
    assert [languages.label(tag) for tag in ("de", "pt-BR", "pt-AO", "qq")] == [
        "Deutsch", "Português Brasileiro", "Português (AO)", "qq",
    ]  # fmt: skip
    assert [languages.direction(tag) for tag in ("ar", "he-IL", "ur", "en", "az-Arab", "ar-Latn")] == [
        "rtl", "rtl", "rtl", "ltr", "rtl", "ltr",
    ]  # fmt: skip
