"""What the demo's people say under clips: whole conversations under some, and words that fit under anything.

Times are hours after the clip's publication. A reply with `under` answers the line of that number in its thread.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A comment, or with `under` a reply to the comment with that place in the thread's list (from 0).

    `hearts`: how many like it. `pinned`: by the clip's author. `deleted`: taken back by whoever wrote it."""

    who: str
    after: float
    text: str
    under: int | None = None
    hearts: int = 0
    pinned: bool = False
    edited: bool = False
    deleted: bool = False


THREADS: dict[str, tuple[Line, ...]] = {
    "ocean_sunset": (
        Line("kai", 1, "That light on the second wave 🌅", hearts=3),
        Line("dai", 2, "静かですね。どこの海ですか？", hearts=2),
        Line("ana", 2.4, "@dai Praia da Adraga, perto de Sintra 💙", under=1, hearts=3),
        Line("dai", 2.6, "@ana いつか行きます。", under=1, hearts=1),
        Line("hugo", 3, "Amanhã às 19h48. Já pus despertador. #pordosol", hearts=2),
        Line("ana", 3.3, "Seis segundos, gravados com o pé na água. Para quem pergunta: sem filtro.", hearts=5, pinned=True),
        Line("mira", 7, "हर बार देखती हूँ तो साँस धीमी हो जाती है।", hearts=2),
        Line("omar", 11, "البحر صديق الصحراء البعيد.", hearts=3),
        Line("luca", 14, "fake", deleted=True),
        Line("vera", 16, "Needs a jellyfish.", hearts=4),
        Line("kofi", 16.5, "@vera Everything needs a jellyfish.", under=9, hearts=5),
        Line("amara", 17, "You two should never meet. Or must.", under=9, hearts=2),
    ),
    "jellyfish": (
        Line("vera", 0.2, "JELLYFISH 🪼🪼🪼", hearts=6),
        Line("wren", 1, "do they sleep?? asking for a drawing", hearts=3),
        Line("kofi", 1.4, "@wren Some do! Cassiopea slow their pulse at night. 58 pulses a minute by day, 39 by night.", under=1, hearts=5),
        Line("wren", 1.6, "BEST ANSWER EVER thank you", under=1, hearts=2),
        Line("hana", 3, "물멍하기 딱 좋아요…", hearts=2),
        Line("farid", 5, "مثل سديم تحت الماء.", hearts=2),
        Line("priya", 6, "கடலுக்குள் ஒரு வானம்", hearts=1),
        Line("kofi", 8, "Filmed at 14 metres, no extra light. Species: Aurelia aurita. Ask me anything #jellyfish", hearts=4, pinned=True),
        Line("theo", 9, "Εμείς τις φοβόμαστε, εσύ τις κάνεις ποίηση.", hearts=2),
        Line("elif", 12, "Ekran koruyucum oldu 💜", hearts=1),
        Line("sami", 20, "Looks like our sky.", hearts=2),
    ),
    "night_tram": (
        Line("tomas", 0.5, "Linka 22, kdyby se někdo ptal.", hearts=3, pinned=True),
        Line("ben", 2.1, "Missed my stop watching this. Twice.", hearts=3),
        Line("maja", 3, "U nas tak samo, tylko szybciej i z kanarem.", hearts=2),
        Line("tomas", 3.5, "@maja 😄 revizor spí", under=2, hearts=2),
        Line("fatou", 8, "La lumière jaune, toujours.", hearts=1),
    ),
    "paper_dawn": (
        Line("greta", 1, "Hur många lager?? Jag räknade till 31 och tappade bort mig.", hearts=2),
        Line("chloe", 1.5, "@greta Quarante-deux ! Et trois pansements.", under=0, hearts=3),
        Line("yuki", 4, "紙の匂いがしてきそう。", hearts=2),
        Line("amara", 6, "The gap between layer 12 and 13 is the whole picture.", hearts=3, edited=True),
        Line("leila", 9, "چه دست‌هایی…", hearts=1),
    ),
    "star_trails": (
        Line("noam", 1, "באיזה צמצם צילמת?", hearts=1),
        Line("farid", 1.6, "@noam f/2.8، ‏30 ثانية لكل لقطة، ‏480 لقطة.", under=0, hearts=2),
        Line("sami", 3, "No aurora, no moon, no cities. Jealous.", hearts=2),
        Line("jun", 5, "同心圆，最诚实的时钟。", hearts=3),
    ),
    "latte_swirl": (
        Line("priya", 0.4, "காபி! ☕", hearts=2),
        Line("dai", 2, "カフェの名前を教えてください。", hearts=1),
        Line("hana", 2.2, "@dai 연남동 '느린 컵'이에요!", under=1, hearts=2),
        Line("elif", 5, "Çay varken kahve mi? 😏", hearts=3),
        Line("hana", 5.2, "@elif 둘 다요 😌", under=3, hearts=3),
    ),
    "pixel_cat": (
        Line("hana", 0.2, "48색이라니… 우리 고양이는 3색인데", hearts=4),
        Line("rui", 0.6, "#ドット絵 は毎日1匹。明日は犬です。", hearts=4, pinned=True),
        Line("wren", 1, "the tail!!! the TAIL", hearts=3),
        Line("elif", 2, "Kedim ekrana patisini koydu.", hearts=4),
        Line("rui", 2.4, "@elif 最高の褒め言葉です。", under=3, hearts=2),
        Line("bao", 4, "Bảng màu ở đâu vậy? Đẹp quá.", hearts=1),
        Line("xiu", 7, "下雨天就该这样。", hearts=2),
        Line("amara", 9, "48 colours and not one too many. Professional opinion.", hearts=3),
    ),
    "mandala": (
        Line("dev", 0.5, "शुभ प्रभात 🙏", hearts=1),
        Line("uma", 1, "அழகான கோலம்!", hearts=2),
        Line("chloe", 3, "Ce safran… quelle encre ?", hearts=1),
        Line("mira", 3.4, "@chloe असली केसर और बहुत सारा धैर्य 😄", under=2, hearts=2),
    ),
    "pendulum_wave": (
        Line("ivo", 0.5, "Показах го в час. Тишина за първи път тази година.", hearts=4),
        Line("bao", 1, "LCM của 15 số… 60 giây đúng không @jun?", hearts=2),
        Line("jun", 1.3, "@bao 正确。第 60 秒它们回到一起。", under=1, hearts=3),
        Line("greta", 3, "Jag förstår ingenting och älskar det.", hearts=3),
    ),
    "sky_lanterns": (
        Line("tala", 0.3, "Wish ko: bakasyon.", hearts=2),
        Line("kai", 2, "Beautiful. Please tell me somebody collects them after?", hearts=2),
        Line("pim", 2.5, "@kai เก็บทุกดวงเช้าวันรุ่งขึ้นค่ะ กระดาษสา ย่อยสลายได้ 🙏", under=1, hearts=4, edited=True),
    ),
    "cherry_petals": (
        Line("maja", 0.4, "U nas dopiero za trzy tygodnie 🌸", hearts=1),
        Line("dai", 1, "今年も会えましたね。", hearts=3),
        Line("yuki", 1.2, "来年もここで。#桜", hearts=4, pinned=True),
        Line("hana", 2, "벚꽃은 늘 너무 짧아요", hearts=2),
    ),
    "rain_window": (
        Line("hana", 0.3, "빗소리 ASMR…", hearts=2),
        Line("noor", 1, "Precies wat ik nodig had.", hearts=1),
        Line("elif", 1.5, "Bugün üçüncü demlik. Kapı açık @hana @noor #yağmur", hearts=3),
    ),
    "reef_shoal": (
        Line("kofi", 0.4, "Each one watches its seven nearest neighbours. That is the whole choreography.", hearts=5),
        Line("kai", 0.8, "@kofi pinning a scientist in my comments, life goal ✅", under=0, hearts=3),
        Line("luca", 2, "sembra un algoritmo", hearts=1),
        Line("ivo", 2.5, "@luca То е алгоритъм :)", under=2, hearts=2),
    ),
    "clay_bounce": (
        Line("greta", 0.2, "Gerald!!!", hearts=4),
        Line("wren", 0.4, "names: Gerald, Bibi, Ms Plum, Toast, and the shy one is Kevin", hearts=5, pinned=True),
        Line("ben", 1, "I would trust Kevin with my keys.", hearts=4),
        Line("hana", 2, "케빈 귀여워", hearts=2),
        Line("carmen", 4, "Quina fang fas servir? Ni una esquerda!", hearts=1),
    ),
    "soap_bubbles": (
        Line("chloe", 0.5, "La recette ! La recette !", hearts=2),
        Line("ana", 0.7, "@chloe 1 parte de detergente, 2 de glicerina, 6 de água. Esperar uma noite.", under=0, hearts=3),
        Line("zoe", 3, "Να το κάνουμε στο νησί.", hearts=1),
    ),
    "snow_cabin": (
        Line("sami", 1, "Is the sauna on?", hearts=2),
        Line("olga", 1.5, "Пирог в духовке, ключ под ковриком. #зима", hearts=3, pinned=True),
        Line("goran", 3, "Доносим дрва.", hearts=2),
    ),
    "fireworks": (
        Line("ben", 0.4, "Happy new year to Dakar from a very quiet Leeds.", hearts=2),
        Line("hugo", 1, "Que ano seja leve 🎆", hearts=1),
    ),
    "galaxy": (
        Line("jun", 0.1, "旋臂是密度波，不是轨迹。", hearts=2),
        Line("kofi", 0.4, "And still no sign of my keys.", hearts=3),
        Line("farid", 0.6, "@kofi ابحث في الذراع الثالثة 😄 #فلك", under=1, hearts=3),
    ),
    "breathing_peach": (
        Line("amara", 0.05, "This exact peach. Nobody touch it.", hearts=2),
        Line("pim", 0.1, "หายใจตามแล้วดีขึ้นจริงๆ", hearts=2),
        Line("noam", 0.2, "שאיפה… נשיפה… תודה.", hearts=1),
    ),
}  # fmt: skip

# Words for under any clip, by who says them.
VOICES: dict[str, tuple[str, ...]] = {
    "dai": ("いいですね。", "この音、好きです。", "朝から見ています。"),
    "elif": ("Ne güzel 💜", "Bunu üç kere izledim.", "Eline sağlık!"),
    "farid": ("جميل جدًا.", "ما شاء الله ✨", "لحظة هدوء."),
    "goran": ("Лепо.", "Таман.", "Још, молим."),
    "hana": ("힐링된다…", "저장했어요!", "분위기 최고"),
    "ines": ("Qué maravilla.", "Otra vez, otra vez.", "Me lo guardo 🎈"),
    "jun": ("很有节奏。", "好看，也耐看。", "循环得天衣无缝。"),
    "kofi": ("Ten out of ten.", "More of this, please.", "My whole lab is watching."),
    "leila": ("چقدر قشنگ", "دوباره نگاه کردم", "🌿"),
    "mira": ("कितना सुंदर!", "दिन बन गया।", "🌸🌸"),
    "noam": ("יפהפה", "עוד פעם.", "איזה אור!"),
    "olga": ("Какая тишина.", "Сохранила.", "Очень красиво ❄️"),
    "pim": ("สวยมากค่ะ", "ดูวนไปห้ารอบแล้ว", "🥭🥭"),
    "quinn": ("Steady as she goes.", "This made my watch.", "💡"),
    "rosa": ("Precioso.", "Hasta las nubes aplauden.", "☁️"),
    "sami": ("Quiet and good.", "Buorre!", "Coffee in hand, watching."),
    "tomas": ("Nádhera.", "Chybí už jen tramvaj.", "Poslal jsem mámě."),
    "uma": ("அருமை", "மீண்டும் மீண்டும் பார்த்தேன்", "🌊"),
    "viktor": ("Гучніше!", "Оце так.", "Класика."),
    "xiu": ("真安静。", "配一杯茶。", "喜欢。"),
    "yuki": ("きれい…", "季節を感じます。", "🍁"),
    "zoe": ("Τι όμορφο!", "Καλοκαίρι μυρίζει.", "Πάλι και πάλι."),
    "amara": ("The colours are behaving beautifully.", "That third shade, though.", "Approved 🎨"),
    "bao": ("Đẹp quá!", "Lặp mượt thật.", "Xem mãi không chán."),
    "carmen": ("Que bonic!", "M'encanta 🪴", "Una altra vegada."),
    "dev": ("वाह!", "चाय के साथ देख रहा हूँ।", "🪁"),
    "fatou": ("Magnifique.", "Ça fait du bien.", "Dakar valide ✨"),
    "greta": ("Så fint!", "Måste rita det här.", "😭💛"),
    "hugo": ("Parei tudo para ver.", "Que coisa boa.", "Já passei adiante."),
    "ivo": ("Красота.", "Математика е, уверявам ви.", "Браво!"),
    "jana": ("Sehr rund.", "Gesammelt.", "Genau mein Tempo."),
    "kai": ("So good 🌺", "Mahalo for this.", "Saving this for a rainy day."),
    "luca": ("bellissimo", "ok wow", "come hai fatto??"),
    "maja": ("Piękne.", "Zostaję tu na dłużej.", "Jeszcze raz!"),
    "omar": ("هادئ كالرمل.", "جميل يا صديقي 🐪", "الصبر جميل."),
    "priya": ("சூப்பர்!", "இன்னொரு காபி போட்டாச்சு ☕", "அழகு"),
    "rui": ("参考になります。", "好きな色。", "ループが完璧…"),
    "tala": ("Ang ganda!", "Isa pa!", "Napangiti ako."),
    "theo": ("Φοβερό.", "Μακάρι να ήμουν εκεί.", "🏖️"),
    "vera": ("Not a jellyfish, but I will allow it.", "Reposting in my heart.", "Yes yes yes."),
    "wren": ("how are you this good", "drew this in maths class", "AAAA"),
}
