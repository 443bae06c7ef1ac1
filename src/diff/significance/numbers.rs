//! Numbers in words, in the languages that the lexicon knows them of.

/// The value of a number of two words: "twenty-three".
pub(super) fn tens_and_ones(word: &str) -> Option<u32> {
    let (tens, ones) = word.split_once('-')?;
    let value = |word: &str| number(word)?.parse::<u32>().ok();
    let (tens, ones) = (value(tens)?, value(ones)?);
    (tens >= 20 && tens % 10 == 0 && ones < 10).then_some(tens + ones)
}

/// Returns how much a word of scale stands for: "thousand".
pub(super) fn scale(value: &str) -> Option<u64> {
    Some(match value {
        "hundred" => 100,
        "thousand" => 1_000,
        "lakh" => 100_000,
        "million" => 1_000_000,
        "crore" => 10_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        "十" => 10,
        "百" => 100,
        "千" => 1_000,
        "万" | "萬" => 10_000,
        "亿" | "億" => 100_000_000,
        _ => return None,
    })
}

/// Returns how much a word of scale stands for, in any of the languages: "Millionen".
pub(super) fn scale_of(word: &str) -> Option<u64> {
    scale(number(word)?)
}

/// The value of a number word.
pub(super) fn number(word: &str) -> Option<&'static str> {
    Some(match word {
        "zero" => "0",
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "ten" => "10",
        "eleven" => "11",
        "twelve" => "12",
        "thirteen" => "13",
        "fourteen" => "14",
        "fifteen" => "15",
        "sixteen" => "16",
        "seventeen" => "17",
        "eighteen" => "18",
        "nineteen" => "19",
        "twenty" => "20",
        "thirty" => "30",
        "forty" => "40",
        "fifty" => "50",
        "sixty" => "60",
        "seventy" => "70",
        "eighty" => "80",
        "ninety" => "90",
        "hundred" => "hundred",
        "hundreds" => "hundreds",
        "thousand" => "thousand",
        "thousands" => "thousands",
        "million" => "million",
        "millions" => "millions",
        "billion" => "billion",
        "billions" => "billions",
        "trillion" | "trillions" => "trillion",
        "dozen" | "dozens" => "dozen",
        "third" => "3",
        "fourth" => "4",
        "fifth" => "5",
        "sixth" => "6",
        "seventh" => "7",
        "eighth" => "8",
        "ninth" => "9",
        "tenth" => "10",
        "ninetieth" => "90",
        "quarter" | "quarters" => "quarter",
        "zwei" | "deux" | "два" | "две" | "двух" | "दो" | "اثنان" | "اثنين" => "2",
        "drei" | "trois" | "tres" | "три" | "трёх" | "трех" | "तीन" | "ثلاثة" | "ثلاث" => {
            "3"
        }
        "vier" | "quatre" | "cuatro" | "четыре" | "चार" | "أربعة" | "أربع" => "4",
        "fünf" | "cinq" | "cinco" | "пять" | "पांच" | "पाँच" | "خمسة" | "خمس" => {
            "5"
        }
        "sechs" | "seis" | "шесть" | "छह" | "ستة" | "ست" => "6",
        "sieben" | "siete" | "семь" | "सात" | "سبعة" | "سبع" => "7",
        "acht" | "huit" | "ocho" | "восемь" | "आठ" | "ثمانية" => "8",
        "neun" | "neuf" | "nueve" | "девять" | "नौ" | "تسعة" => "9",
        "zehn" | "dix" | "diez" | "десять" | "दस" | "عشرة" => "10",
        "onze" | "одиннадцать" | "ग्यारह" => "11",
        "zwölf" | "douze" | "doce" | "двенадцать" | "बारह" => "12",
        "dreizehn" | "treize" | "trece" | "тринадцать" | "तेरह" => "13",
        "vierzehn" | "quatorze" | "catorce" | "четырнадцать" | "चौदह" => "14",
        "fünfzehn" | "quinze" | "пятнадцать" | "पंद्रह" => "15",
        "sechzehn" | "seize" | "dieciséis" | "шестнадцать" => "16",
        "siebzehn" | "diecisiete" | "семнадцать" => "17",
        "achtzehn" | "dieciocho" | "восемнадцать" => "18",
        "neunzehn" | "diecinueve" | "девятнадцать" => "19",
        "zwanzig" | "vingt" | "veinte" | "двадцать" | "बीस" | "عشرون" | "عشرين" => {
            "20"
        }
        "dreißig" | "trente" | "treinta" | "тридцать" | "तीस" => "30",
        "vierzig" | "quarante" | "cuarenta" | "сорок" | "चालीस" => "40",
        "fünfzig" | "cinquante" | "cincuenta" | "пятьдесят" | "पचास" => "50",
        "sechzig" | "soixante" | "sesenta" | "шестьдесят" | "साठ" => "60",
        "siebzig" | "setenta" | "семьдесят" | "सत्तर" => "70",
        "achtzig" | "ochenta" | "восемьдесят" | "अस्सी" => "80",
        "neunzig" | "noventa" | "девяносто" | "नब्बे" => "90",
        "hundert" | "ciento" | "cien" | "сто" | "सौ" | "مئة" | "مائة" => "hundred",
        "tausend" | "mille" | "тысяча" | "тысячи" | "тысяч" | "हजार" | "हज़ार" | "ألف" | "آلاف" => {
            "thousand"
        }
        "mio" | "millionen" | "миллион" | "миллиона" | "миллионов" | "مليون" | "millones" => {
            "million"
        }
        "lakh" | "lakhs" | "लाख" => "lakh",
        "crore" | "crores" | "करोड़" => "crore",
        "mrd" | "milliarde" | "milliarden" | "milliard" | "milliards" => "billion",
        "half" | "halved" => "half",
        "twice" => "2",
        "double" | "doubled" => "double",
        "triple" | "tripled" => "triple",
        _ => return None,
    })
}
