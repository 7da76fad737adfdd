"""Who lives in the demo: names, words about themselves, ages, and whom they have trouble with.

Invented people. Everyone signs in with their handle and the password `demo`.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo"  # noqa: S105 -- of a site on one's own machine, told to everyone who starts it
MODERATOR = "mod"


@dataclass(frozen=True, slots=True)
class Resident:
    """`pull` is how likely others follow them (the graph's heavy tail), `keen` how many they follow themselves."""

    handle: str
    name: str
    bio: str
    age: int  # years; below 18 for a few
    pull: float = 1.0
    keen: int = 9
    private: bool = False
    reposts_tab: str = "followers"
    away_days: int = 0  # days since they were last here


RESIDENTS = (
    Resident("ana", "Ana Duarte", "Lisboa. Mar, azulejos e luz de fim de tarde 🌊", 29, 12, 17),
    Resident("ben", "Ben Okafor", "Night buses, neon, long walks home. Lagos → Leeds.", 31, 10, 16),
    Resident("chloe", "Chloé Marchand", "Papier, ciseaux, montagnes. Je découpe des paysages.", 27, 11, 15),
    Resident("dai", "田中 大", "海のそばで暮らしています。毎日ひとつ、静かなものを。", 34, 9, 12),
    Resident("elif", "Elif Yıldız", "İstanbul'da bir pencere. Yağmur, çay, kediler 🐈", 26, 6, 11),
    Resident("farid", "فريد منصور", "أصوّر السماء كلّ ليلة. النجوم لا تحتاج إلى فلتر.", 38, 7, 10),
    Resident("goran", "Горан Илић", "Ватра, шума, тишина. Понекад гитара.", 41, 3, 8),
    Resident("hana", "김하나", "카페 창가 자리 좋아해요 ☕ 고양이 집사", 24, 8, 13),
    Resident("ines", "Inés Romero", "Globos, ferias, cielos de Castilla. Todo lo que flota 🎈", 33, 5, 10),
    Resident("jun", "李俊", "数学是最安静的动画。每周一个公式。", 36, 8, 9),
    Resident("kofi", "Kofi Mensah", "Marine biologist, Accra. Ask me about jellyfish. Please.", 39, 9, 10),
    Resident("leila", "لیلا رستمی", "قالی، نقش، تکرار. از اصفهان.", 30, 4, 9),
    Resident("mira", "मीरा शर्मा", "रंगोली और मंडल। हर सुबह एक नया नमूना 🌸", 28, 6, 11),
    Resident("noam", "נועם לוי", "מדליק אורות. מהנדס ביום, פנסים בלילה.", 35, 4, 9),
    Resident("olga", "Ольга Соколова", "Снег, свет в окне и хорошие книги ❄️", 44, 5, 8),
    Resident("pim", "พิมพ์ชนก ใจดี", "โคมลอย ทะเล และข้าวเหนียวมะม่วง 🥭", 25, 6, 12),
    Resident("quinn", "Quinn Murphy", "Keeper of a very small lighthouse account. They/them.", 32, 4, 10),
    Resident("rosa", "Rosa Quispe", "Cusco. Nubes, cerros, más nubes ☁️", 37, 3, 8),
    Resident("sami", "Sámi Niillas", "Guovssahasat. Northern lights, reindeer, coffee.", 29, 7, 9),
    Resident("tomas", "Tomáš Novák", "Tramvaje. Jenom tramvaje. A někdy vlaky.", 40, 3, 9),
    Resident("uma", "உமா செல்வி", "கடல், காற்று, கோலம்.", 31, 3, 9),
    Resident("viktor", "Виктор Демченко", "Ретро, синтезатори, нескінченна дорога.", 33, 3, 7),
    Resident("wren", "Wren Ashby", "15 · drawing blobs with faces · she/her ✏️", 15, 3, 10),
    Resident("xiu", "陈秀英", "一杯茶，一条鱼，一个下午。", 52, 5, 7),
    Resident("yuki", "佐藤 雪", "桜と紅葉のあいだだけ更新します🍁", 23, 8, 11),
    Resident("zoe", "Ζωή Παππά", "Φάροι, νησιά, καλοκαίρια που δεν τελειώνουν.", 35, 5, 10),
    Resident("amara", "Amara Nwosu", "Colour consultant. Yes, that is a real job 🎨", 30, 5, 12),
    Resident("bao", "Nguyễn Bảo", "Lập trình viên. Hình học là nhà.", 27, 2, 9),
    Resident("carmen", "Carmen Vidal", "Ceràmica i plantes que no sempre sobreviuen 🪴", 45, 3, 8),
    Resident("dev", "देव पटेल", "पतंग, चाय, समंदर।", 34, 2, 9),
    Resident("eero", "Eero Laine", "Mökillä. Ei kuulu kenttää.", 48, 2, 6, away_days=24),
    Resident("fatou", "Fatou Diop", "Dakar la nuit. Lumières, musique, thiouraye.", 28, 3, 10),
    Resident("greta", "Greta Lindqvist", "Håller i penslar, tappar penslar.", 17, 2, 9),
    Resident("hugo", "Hugo Ferreira", "Só passo adiante o que me faz parar.", 26, 4, 14),
    Resident("ivo", "Ivo Petrov", "Математика и махала. Учител.", 43, 2, 7),
    Resident("jana", "Jana Krüger", "Sammelt Kreise. Hat schon 412.", 38, 2, 9),
    Resident("kai", "Kai Kealoha", "Ocean first 🌺 Aloha from the windward side.", 30, 6, 11),
    Resident("luca", "Luca Bianchi", "16, Torino. Skate e caleidoscopi.", 16, 2, 11),
    Resident("maja", "Maja Kowalska", "Zbieram okna, przez które warto patrzeć.", 29, 3, 10),
    Resident("nils", "Nils Aasen", "Fjord, fjell, vaffel 🧇", 51, 1, 6, away_days=19),
    Resident("noor", "Noor van Dijk", "Alleen voor vrienden. Vraag gerust 🙂", 26, 3, 8, private=True),
    Resident("omar", "عمر الحسيني", "الصحراء أجمل معلّمة للصبر 🐪", 47, 4, 8),
    Resident("priya", "பிரியா ராமன்", "காபி இல்லாமல் காலை இல்லை ☕", 25, 2, 10),
    Resident("rui", "小林 瑠衣", "ドット絵と雨の音。", 22, 5, 9, reposts_tab="mutuals"),
    Resident("tala", "Tala Santos", "Manila. Ulan, ilaw, at mahabang biyahe.", 27, 3, 11),
    Resident("theo", "Θοδωρής Μακρής", "Βουτιές από Μάιο μέχρι Οκτώβρη.", 32, 2, 8),
    Resident("vera", "Vera Holm", "Reposts are my love language. (Mostly jellyfish.)", 36, 3, 15, reposts_tab="nobody"),
)
MODERATOR_RESIDENT = Resident(MODERATOR, "Mod Team", "House rules: be kind, credit people, no spoilers. 🛟", 35, 0, 4)

# Both ways silent: nobody of these pairs sees the other.
BLOCKS = (("viktor", "tomas"), ("amara", "goran"), ("jana", "theo"))
# (who, whom, scope, hours from now until it ends or None)
MUTES = (
    ("ana", "viktor", "reposts", None),
    ("ben", "vera", "all", 72),
    ("chloe", "hugo", "reposts", 24),
    ("hana", "jun", "all", None),
    ("kofi", "luca", "reposts", None),
)
# What ana leaves out of her feeds, so that the page of feed settings has something to show: (kind, what, days).
CONTROLS: tuple[tuple[str, str, int | None], ...] = (
    ("words", "spoiler", None),
    ("words", "pimple popping", 30),
    ("reposts_of", "jun", 30),
    ("clips_by", "goran", 7),
    ("reposts_by", "kofi", 7),
)
# Edges that the stories need or that make a good first sign-in, beside those that the stories imply.
FRIENDS = (  # both ways
    ("ana", "ben"), ("ana", "chloe"), ("ben", "chloe"), ("ana", "dai"), ("ana", "kofi"), ("ben", "hana"),
    ("ana", "hana"), ("chloe", "mira"), ("chloe", "yuki"), ("kofi", "kai"), ("kofi", "vera"), ("dai", "yuki"),
    ("rui", "hana"), ("farid", "omar"), ("zoe", "quinn"), ("ana", "elif"), ("ben", "amara"), ("hana", "elif"),
    ("noor", "maja"), ("noor", "ana"), ("noor", "fatou"), ("jun", "ivo"), ("jun", "bao"), ("greta", "wren"),
)  # fmt: skip
# Requests to private accounts that still wait for an answer.
REQUESTS = (("ben", "noor"), ("tala", "noor"), ("luca", "noor"))
# Follows that want the person's clips but not what they pass on.
WITHOUT_REPOSTS = (("ana", "hugo"), ("dai", "vera"), ("chloe", "luca"))
