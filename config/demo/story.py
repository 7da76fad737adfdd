"""What happened in the demo before one came: clips from the oldest to the newest, and who passed them on.

Times are hours: `Clip.ago` before the site is seeded, `Pass.after` the clip's publication. A pass `via` somebody means
that their repost brought the clip; passes of one clip stand in the order of their times.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pass:
    """A repost. `undone` hours after it was made it was taken back; `detached`: the author took the comment off."""

    who: str
    after: float
    comment: str = ""
    via: str | None = None
    audience: str = "followers"
    undone: float | None = None
    detached: bool = False


@dataclass(frozen=True, slots=True)
class Tale:
    """A clip: `scene` names its footage, and no scene is used twice."""

    scene: str
    author: str
    ago: float
    caption: str
    alt: str
    passes: tuple[Pass, ...] = ()
    visibility: str = "public"
    policy: str = "yes"


TALES = (
    Tale(
        "ocean_sunset", "ana", 118, "O mar de hoje. Seis segundos, repete até passar o dia. 🌅 #lisboa #mar #ocean",
        "The sun goes down over a calm sea, its light broken on the waves.",
        (
            Pass("ben", 1.5, "I needed exactly this on the night bus."),
            Pass("chloe", 3, "Regardez la lumière sur l’eau…", via="ben"),
            Pass("mira", 6, "साँस लीजिए। छोड़िए।", via="chloe"),
            Pass("dev", 9, "समंदर बुला रहा है", via="mira"),
            Pass("uma", 20, "கடல் எப்போதும் அழகு", via="dev"),
            Pass("dai", 22, "静かな波。", via="ben"),
            Pass("yuki", 30, "", via="dai"),
            Pass("kai", 40, "That is a good evening swell 🌺"),
        ),
    ),
    Tale(
        "jellyfish", "kofi", 112, "Moon jellies on the night dive. No brain, no heart, no bad days. #jellyfish #ocean",
        "Glowing jellyfish drift upwards through dark blue water.",
        (
            Pass("vera", 1, "JELLYFISH. I repeat: JELLYFISH."),
            Pass("ana", 4, "Podia ficar aqui a olhar uma hora.", via="vera"),
            Pass("elif", 6, "Hipnotize oldum 🪼", via="ana"),
            Pass("hana", 8, "멍때리기 최고…", via="elif"),
            Pass("rui", 12, "ドット絵にしたい", via="hana"),
            Pass("ben", 13, "Better than any screensaver I ever owned.", via="ana"),
            Pass("kai", 15, "Respect the drifters.", audience="mutuals"),
            Pass("luca", 40, "fake, saranno di plastica", detached=True),
        ),
    ),
    Tale(
        "night_tram", "tomas", 105, "Poslední tramvaj. Vždycky ta nejlepší. 🚋 #tram",
        "A lit tram passes houses with yellow windows under a full moon.",
        (
            Pass("ben", 2, "The last tram is a state of mind."),
            Pass("tala", 5, "Parang pauwi na rin ako.", via="ben"),
            Pass("fatou", 9, "La ville qui ne dort pas ✨", via="tala"),
            Pass("maja", 11, "Tyle okien…"),
        ),
    ),
    Tale(
        "paper_dawn", "chloe", 98, "Quarante-deux couches de papier, un lever de soleil. 🏔️ #papier",
        "A sunrise behind mountains cut from many layers of coloured paper.",
        (
            Pass("ana", 2, "A Chloé corta papel como quem respira."),
            Pass("amara", 5, "This palette: peach, coral, plum. Nothing to add.", via="ana"),
            Pass("greta", 7, "Hur många timmar?!", via="amara"),
            Pass("wren", 8, "I tried this with ONE layer and cut my thumb 😭", via="greta"),
            Pass("jana", 30, "", via="amara", undone=2),
        ),
    ),
    Tale(
        "star_trails", "farid", 92, "أربع ساعات من دوران الأرض في ستّ ثوانٍ. ✨ #سماء #فلك",
        "Stars draw circles over a tent in the forest.",
        (
            Pass("omar", 2, "سبحان الله"),
            Pass("leila", 5, "شب، چادر، سکوت", via="omar"),
            Pass("noam", 9, "השמיים אצלך אחרים לגמרי"),
            Pass("sami", 14, "Same sky, further north."),
            Pass("olga", 15, "", via="sami"),
        ),
    ),
    Tale(
        "koi_pond", "xiu", 86, "池塘里的时间走得慢一点。🎏",
        "Koi carp swim between lily pads in a dark green pond.",
        (
            Pass("dai", 2, "うちの近所の池にもいます。"),
            Pass("yuki", 4, "かわいい〜", via="dai"),
            Pass("chloe", 7, "On dirait de l’encre.", via="yuki"),
            Pass("ana", 9, "Fico sempre a contar os peixes.", via="chloe"),
            Pass("jun", 12, "数一数：七条。"),
        ),
    ),
    Tale(
        "latte_swirl", "hana", 80, "오늘의 라떼. 저어도 저어도 안 섞이는 기분 ☕ #커피",
        "Milk turns in slow spirals in a cup of coffee, seen from above.",
        (
            Pass("ben", 1, "Stirring is my whole personality before 9 a.m."),
            Pass("priya", 3, "காபி ☕❤️", via="ben"),
            Pass("elif", 4, "Çay daha iyi ama… tamam."),
            Pass("ana", 6, "☕", via="ben"),
        ),
    ),
    Tale(
        "mandala", "mira", 74, "हर सुबह एक मंडल। आज केसरिया। 🌸 #मंडल",
        "A mandala in orange and teal turns ring by ring.",
        (
            Pass("leila", 3, "تقارن یعنی آرامش"),
            Pass("chloe", 5, "Chaque anneau a sa propre patience."),
            Pass("luca", 8, "ipnotico", via="chloe"),
            Pass("ana", 9, "", via="chloe", audience="mutuals"),
        ),
    ),
    Tale(
        "neon_road", "viktor", 68, "Дорога, яка не закінчується. Гучність на максимум 🎧",
        "A neon grid road leads to a striped sun between palm trees.",
        (
            Pass("ben", 1, "Windows down."),
            Pass("luca", 2, "questa è la mia estetica ufficiale", via="ben"),
            Pass("rui", 4, "80年代に生まれたかった", via="ben"),
        ),
    ),
    Tale(
        "pixel_cat", "rui", 62, "雨の日の窓辺。猫は48色。🐈 #ドット絵 #雨",
        "A pixel-art cat sits at a window; it rains over the city at night.",
        (
            Pass("hana", 0.5, "우리 집 고양이랑 똑같아요 😹"),
            Pass("elif", 1, "İstanbul'un bütün kedileri adına: onaylandı.", via="hana"),
            Pass("ana", 2, "O gato sabe tudo.", via="elif"),
            Pass("ben", 3, "48 colours and every one of them is cosy.", via="ana"),
            Pass("tala", 5, "Ulan + pusa = kumpleto na ang araw", via="ben"),
            Pass("dai", 6, "しっぽの動きがいい。", via="hana"),
            Pass("wren", 9, "drawing him immediately", via="ben"),
        ),
    ),
    Tale(
        "aurora_lake", "sami", 57, "Guovssahasat ikte ija. −21°, no wind, nobody else awake. #aurora",
        "Green northern lights wave over a forest and its lake.",
        (
            Pass("olga", 2, "У нас такие были в январе. Скучаю."),
            Pass("greta", 4, "Samma kväll här!", via="olga"),
            Pass("quinn", 6, "Adding this to the list of things I must see."),
            Pass("zoe", 8, "Εδώ έχουμε μόνο καλοκαίρι, αλλά… ουάου.", via="quinn"),
        ),
    ),
    Tale(
        "pendulum_wave", "jun", 52, "十五个摆，一个最小公倍数。它们会回来的。#数学 #loop",
        "A row of pendulums swings out of step and back into step.",
        (
            Pass("ivo", 1, "Утре го показвам в час."),
            Pass("bao", 3, "Toán học đẹp thế này cơ mà!", via="ivo"),
            Pass("kofi", 6, "Better than my lecture slides."),
            Pass("ana", 7, "Esperem pelo momento em que alinham todas.", via="kofi"),
            Pass("chloe", 9, "Je l’ai regardé douze fois.", via="ana"),
        ),
        policy="with_comment",
    ),
    Tale(
        "sky_lanterns", "pim", 48, "ขอให้ทุกคนโชคดี 🏮 #โคมลอย",
        "Paper lanterns rise from a lake into the night.",
        (
            Pass("noam", 2, "כל אור הוא משאלה"),
            Pass("tala", 3, "Ganda! 🏮"),
            Pass("dai", 5, "願いごと、しました。"),
        ),
    ),
    Tale(
        "campfire", "goran", 44, "Само ватра. Без речи.",
        "A campfire burns at night in front of a line of firs.",
        (
            Pass("olga", 2, "Звук включите обязательно 🔥"),
            Pass("carmen", 5, "Fa olor de llenya fins aquí.", via="olga"),
        ),
    ),
    Tale(
        "cherry_petals", "yuki", 40, "今年もこの道で。🌸 #桜",
        "Cherry blossom falls from a branch against a pale spring sky.",
        (
            Pass("dai", 1, "もう春ですね。"),
            Pass("hana", 2, "벌써 봄이라니 🌸", via="dai"),
            Pass("ana", 3, "Quero ir ao Japão só para isto.", via="dai"),
            Pass("chloe", 4, "Du papier de soie."),
            Pass("ben", 5, "Sakura on the night bus, please.", via="ana"),
        ),
    ),
    Tale(
        "balloons", "ines", 36, "Segovia, siete de la mañana, cero viento. 🎈🎈🎈 Con @rosa",
        "Hot-air balloons rise over misty hills.",
        (
            Pass("hugo", 1, "Parei tudo para ver isto."),
            Pass("rosa", 3, "¡Así se ven las nubes desde adentro!"),
            Pass("carmen", 6, "", via="hugo"),
        ),
    ),
    Tale(
        "rain_window", "elif", 33, "Yağmur yağıyor, ben çay koyuyorum. 🌧️ #yağmur #İstanbul",
        "Raindrops run down a window; the lights of a town blur behind it.",
        (
            Pass("hana", 1, "빗소리 ASMR 🎧"),
            Pass("maja", 2, "Kolejne okno do kolekcji!"),
            Pass("ben", 3, "Sound on. Trust me.", via="hana"),
            Pass("chloe", 4, "", via="ben", audience="mutuals"),
        ),
    ),
    Tale(
        "block_wave", "bao", 30, "Một hàm sin và 400 khối hộp.",
        "A field of pink blocks waves like water.",
        (Pass("jun", 1, "干净。"), Pass("luca", 2, "voglio viverci dentro", undone=3)),
    ),
    Tale(
        "reef_shoal", "kai", 27, "Nobody told them to turn left. They all turned left. 🐠 #ocean",
        "A shoal of orange fish turns together over a coral reef.",
        (
            Pass("kofi", 0.5, "Lateral line in action, folks."),
            Pass("vera", 1, "Okay, not jellyfish, but acceptable.", via="kofi"),
            Pass("ana", 2, "Ninguém manda, todos sabem.", via="kofi"),
            Pass("ben", 3, "Me and my friends choosing a pub.", via="ana"),
            Pass("amara", 4, "Orange on teal. Every time.", via="ben"),
        ),
    ),
    Tale(
        "dune_caravan", "omar", 25, "القافلة تمشي. 🐪",
        "Camels walk along the ridge of a dune at sunset.",
        (Pass("farid", 1, "صبر جميل"), Pass("leila", 2, "کاروان، صدا، شن", via="farid"), Pass("dev", 4, "वाह!")),
    ),
    Tale(
        "clay_bounce", "wren", 23, "they all have names. the orange one is Gerald #loop",
        "Small clay characters with faces bounce on a peach floor.",
        (
            Pass("greta", 0.5, "GERALD ❤️"),
            Pass("amara", 1, "Gerald has the best colour story here.", via="greta"),
            Pass("ben", 2, "I would trust Gerald with my house keys.", via="amara"),
            Pass("hana", 3, "제럴드 귀여워ㅠㅠ", via="ben"),
            Pass("rui", 4, "ジェラルド…！", via="hana"),
        ),
    ),
    Tale(
        "lighthouse", "quinn", 21, "On duty. 💡",
        "A striped lighthouse turns its beam over a dark pier.",
        (Pass("zoe", 1, "Συνάδελφε! 🫡"), Pass("theo", 3, "Καληνύχτα σε όλους", via="zoe")),
    ),
    Tale(
        "train_window", "maja", 19, "Gdzieś między Krakowem a snem.",
        "Hills pass behind a train window with red curtains and a cup of tea.",
        (
            Pass("tomas", 1, "Konečně vlak!"),
            Pass("ana", 2, "Há viagens que não deviam chegar."),
            Pass("chloe", 3, "Le rideau rouge, la tasse, tout.", via="ana"),
        ),
    ),
    Tale(
        "soap_bubbles", "ana", 17, "Sabão, água, glicerina e cinco minutos de infância. 🫧 #lisboa",
        "Soap bubbles with rainbow skins float through soft light.",
        (Pass("ben", 0.5, "The big one made it out of frame. Proud."), Pass("mira", 2, "बचपन ✨", via="ben")),
    ),
    Tale(
        "fireflies", "tala", 15, "Mga alitaptap sa likod-bahay ni Lola.",
        "Fireflies glow between the trunks of a misty forest.",
        (Pass("pim", 1, "หิ่งห้อย 🥹"), Pass("dai", 2, "小さいころを思い出す。"), Pass("hugo", 3, "Magia.")),
    ),
    Tale(
        "snow_cabin", "olga", 13, "Ужин готов. Кто идёт? ❄️ #зима",
        "Smoke rises from a snowed-in cabin with lit windows.",
        (Pass("sami", 1, "On my way, two days by sled."), Pass("quinn", 2, "Coming by boat.", via="sami")),
        policy="with_comment",
    ),
    Tale(
        "pot_plant", "noor", 12, "Hij leeft nog! (Alleen voor jullie.)",
        "A pink potted plant grows leaf by leaf and blooms.",
        (Pass("maja", 1, "Niemożliwe, gratuluję! 🪴"), Pass("ana", 2, "Milagre!", audience="mutuals")),
    ),
    Tale(
        "matcha_swirl", "dai", 10, "一服どうぞ。🍵",
        "Green tea turns slowly in a dark blue bowl.",
        (
            Pass("yuki", 0.5, "いただきます🍵"),
            Pass("hana", 1, "라떼 말고 말차로 갈아탈까요?", via="yuki"),
            Pass("ana", 2, "", via="hana"),
        ),
    ),
    Tale(
        "stained_glass", "chloe", 9, "Un vitrail qui change d’avis. Pour mes abonnés d’abord. 🪟",
        "Panes of a stained-glass window change their colours.",
        (Pass("ana", 1, "Que sorte ser tua amiga."), Pass("mira", 2, "रंग ही रंग")),
        visibility="followers",
    ),
    Tale(
        "spirograph", "jana", 8, "Kreis Nummer 413. #loop",
        "A spirograph curve draws itself in pink and blue light.",
        (Pass("jun", 1, "内摆线！"), Pass("ivo", 2, "Питат ме за това всяка година.", via="jun")),
    ),
    Tale(
        "beach_above", "theo", 7, "Η καλύτερη θέση στο νησί. 🏖️ #καλοκαίρι #ocean",
        "Waves wash over a sandy beach, seen from above.",
        (Pass("zoe", 0.5, "Φέρνω καρπούζι 🍉"), Pass("kai", 1, "Save me a spot."), Pass("ana", 2, "", via="kai")),
    ),
    Tale(
        "fireworks", "fatou", 5.5, "Dakar, minuit. Bonne année à tous ceux qui comptent 🎆",
        "Fireworks burst over the roofs of a city.",
        (Pass("ben", 0.5, "Turn it up."), Pass("tala", 1, "Ang ingay pero ang ganda!", via="ben")),
    ),
    Tale(
        "moon_phases", "noam", 4.5, "חודש שלם בשש שניות 🌕 #ירח #loop",
        "The moon goes through its phases over the sea.",
        (Pass("farid", 0.5, "القمر لا يملّ"), Pass("leila", 1, "ماه من", via="farid")),
    ),
    Tale(
        "autumn_leaves", "yuki", 3.5, "春の人は、秋も好き。🍁",
        "Maple leaves fall in warm autumn light.",
        policy="no",
    ),
    Tale(
        "lava_lamp", "luca", 2.5, "nonna ha trovato questa in cantina 🔥",
        "Orange wax rises and sinks in a lava lamp.",
        (Pass("rui", 0.3, "最高の照明"), Pass("hana", 0.6, "갖고 싶다…", via="rui"), Pass("ben", 1, "Nonna wins.", via="hana")),
    ),
    Tale(
        "galaxy", "farid", 1.5, "نحن هنا، في طرفها. 🌌 #فلك",
        "A spiral galaxy turns slowly in the dark.",
        (Pass("noam", 0.2, "פרספקטיבה."), Pass("kofi", 0.5, "Two hundred billion suns and I still lost my keys.")),
    ),
    Tale(
        "pool_ring", "ines", 0.8, "Agosto no se acaba si no quieres. 🛟",
        "A red and white swim ring floats on a blue pool.",
        (Pass("hugo", 0.2, "Verão eterno."),),
    ),
    Tale(
        "breathing_peach", "hana", 0.4, "들이쉬고… 내쉬고… 🍑",
        "A soft peach-coloured circle grows and shrinks like a breath.",
        (Pass("ben", 0.1, "Breathe with this one before you scroll on."),),
    ),
)  # fmt: skip

# Clips that come while the site runs, one every few minutes.
LATER = (
    Tale("cloud_lapse", "rosa", 0, "Una hora de nubes, un árbol paciente. ☁️", "Clouds race over a lone tree at dusk."),
    Tale("kaleidoscope", "luca", 0, "ok questo è il migliore che ho fatto", "A kaleidoscope of orange and blue turns."),
    Tale(
        "ocean_noon", "kai", 0, "Flat, glassy, perfect. See you out there 🌺", "Sunlight glitters on a calm blue sea."
    ),
    Tale("truchet_maze", "bao", 0, "Chỉ hai viên gạch, xoay ngẫu nhiên.", "Rainbow-coloured tiles weave a maze."),
    Tale("paper_forest", "greta", 0, "Min gröna version, efter @chloe 🌲", "A green morning in layers of cut paper."),
    Tale("opal", "amara", 0, "Opal is not a colour, it is a decision.", "Pastel colours flow into each other."),
    Tale("aurora_rose", "sami", 0, "Rose tonight. Very rare!", "Pink northern lights over dark hills."),
    Tale(
        "marble_gold",
        "carmen",
        0,
        "Esmalt verd i or, acabat de sortir del forn.",
        "Green marble with veins of gold flows.",
    ),
    Tale("summer_clouds", "rosa", 0, "Y de día. Feliz domingo 🌤️", "White clouds over a green hill and a tree."),
    Tale("satin_rings", "leila", 0, "موج روی موج", "Rings of light run through satin."),
)

# How many more passed a clip on, each through somebody they follow, beside those whose words are told above.
CROWDS = {"ocean_sunset": 7, "jellyfish": 14, "pixel_cat": 10, "clay_bounce": 8, "cherry_petals": 5, "reef_shoal": 5}

# What people say in the pulse, when they pass on what nobody has written a line for.
REMARKS = (
    "This one.", "Again, again.", "Para ver con el sonido puesto.", "なんだか落ち着く。", "이거 계속 보게 되네요",
    "Tekrar tekrar izledim.", "وقت مستقطع جميل", "Какая красота", "Magnifique.", "Que maravilha.", "बहुत सुंदर",
    "再看一遍。", "สวยมาก", "Τέλειο.", "איזה יופי", "Genau mein Tempo.", "Piękne.", "Tuyệt vời!", "🔥", "🫶",
)  # fmt: skip
