/// Texts on which text tools break.
enum NastyTexts {
  static let all: [String] =
    [
      "", "\u{0}", "\u{0}\u{0}a\u{0}", "a", "\n", "\r", "\r\n", "\n\r", "\r\r\n\n\r",
      "one\r\ntwo\rthree\nfour\r", "\n\none\n\n\u{301}two\r\n\r\n\r\nthree\n\n",
      "a\u{FEFF}BOM near the start", "BOM \u{FEFF} within\u{FEFF}",
      String(scalars: [0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF]),
      "\u{D7FF}\u{E000}\u{D7FB}\u{F8FF}",
      "👩🏽‍👩‍👧‍👦❤️‍🔥👍🏿🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪🇫🇷🇯", "\u{1F1E9}", "\u{200D}\u{200D}👩\u{200D}",
      "\u{1100}\u{1161}\u{11A8}\u{11A7}\u{AC00}\u{11A7}\u{AC01}\u{11A8}\u{1100}\u{AC00}\u{11A8}",
      "\u{1161}\u{11A8}", "e\u{301}\u{316}\u{345}\u{327}", "\u{301}\u{316}",
      "\u{345}α\u{345}\u{301}",
      "שָׁלוֹם עולם \u{200F}(مرحبا)\u{202E}abc\u{202C}", "\u{FFFD}\u{FFFD}",
      "<unk></s><s><|endoftext|>[UNK]", "नमस्ते क्षि ক্ষ தமிழ் ไทย ភាសាខ្មែរ မြန်မာ",
      "İstanbul ISTANBUL ıi ẞßSS ΌΣΟΣ ŉ ǰ ΐ Ꭰꭰ ﬁﬅ ㎒ ㍿ Ⅷ ① ½", "ﷺ\u{1D15E}\u{1D160}\u{2ADC}\u{FB1D}",
      "漢字カタカナひらがなが\u{3099}か\u{3099}豈更車賈滑", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐨 𞤀𞤢", "\u{378}\u{301}\u{E0080}\u{50000}",
      "\u{600}1\u{600}\u{301}", "\u{85}\u{2028}\u{2029}\u{B}\u{C}\t \u{A0}\u{3000}",
      "\u{7F}\u{80}\u{7FF}\u{800}",
      String(repeating: "\u{301}\u{316}", count: 20),
      "a" + String(repeating: "\u{335}\u{300}", count: 9) + "b",
    ]
}
