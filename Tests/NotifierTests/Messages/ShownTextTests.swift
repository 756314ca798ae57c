import Notifier
import TestKit
import Testing

@Suite struct `A text on one line` {
  @Test(arguments: [
    ("a\r\nBcc: b", "a Bcc: b"), ("  a \t b\u{2028}c  ", "a b c"), ("\u{85}a\u{0}", "a"), ("", ""),
    // Overrides and isolates of direction, and their ends.
    ("\u{202e}gnp.exe\u{202c}", "gnp.exe"), ("a\u{2066}b\u{2069}\u{200f}c", "abc"),
    // What has no width hides nothing.
    ("pay\u{200b}ment\u{2060}s\u{feff}\u{ad}", "payments"), ("a\u{3164}b\u{2800}c", "a b c"),
    ("ok\u{e0041}\u{e0042}", "ok"),
    // A joiner stays where it joins.
    ("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"), ("❤\u{fe0f}\u{200d}🔥", "❤\u{fe0f}\u{200d}🔥"),
    ("👩🏽\u{200d}🚒!", "👩🏽\u{200d}🚒!"), ("a\u{200d}b", "ab"), ("👨\u{200d}", "👨"), ("👨\u{200d} b", "👨 b"),
    ("می\u{200c}خواهم", "می\u{200c}خواهم"), ("क्\u{200d}ष", "क्\u{200d}ष"),
    // So does a selector with something to select, and a flag's tags.
    ("#\u{fe0f}\u{20e3} a\u{fe0f}b", "#\u{fe0f}\u{20e3} ab"), ("葛\u{e0100}", "葛\u{e0100}"),
    (
      "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
      "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"
    ),
    // Accents end somewhere.
    ("e\u{301}", "e\u{301}"), ("Z" + String(repeating: "\u{301}", count: 50) + "!", "Z\u{301}\u{301}\u{301}\u{301}!"),
  ])
  func `shows what is there`(text: String, shown: String) {
    #expect(Array(text.onOneLine(limit: 200).unicodeScalars) == Array(shown.unicodeScalars))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `fits, has no controls, and stays as it is the second time`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let scalars: [Unicode.Scalar] = [
      "a", " ", "\n", "\u{200d}", "\u{fe0f}", "👨", "🔥", "告", "\u{301}", "\u{202e}", "\u{e0067}", "🏴", "م", "é",
      "\u{200c}",
    ]
    let text = String(
      String.UnicodeScalarView(
        (0..<Int.random(in: 0..<60, using: &random)).map { _ in
          scalars.randomElement(using: &random) ?? "a"
        }))
    for limit in [0, 1, 2, 3, 4, 10, 40, 1000] {
      let line = text.onOneLine(limit: limit)
      #expect(line.utf8.count <= limit)
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" })
      #expect(line.unicodeScalars.last != "\u{200d}")
    }
    let line = text.onOneLine(limit: 1000)
    #expect(line.onOneLine(limit: 1000).utf8.elementsEqual(line.utf8))
  }
}

@Suite struct `A text that is cut` {
  /// The vectors of the facts about channels, §30.
  @Test(arguments: [
    ("告警恢复", 12, "告警恢复"), ("告警恢复", 11, "告警…"), ("告警恢复", 9, "告警…"), ("告警恢复", 8, "告…"),
    ("abc告警", 7, "abc…"), ("🔥🔥🔥", 8, "🔥…"), ("🔥🔥🔥", 11, "🔥🔥…"), ("abc", 2, ""), ("abc", 0, ""), ("abc", -1, ""),
    ("abcd", 3, "…"), ("", 0, ""),
  ])
  func `ends between two scalars`(text: String, limit: Int, cut: String) {
    #expect(text.cut(to: limit) == cut)
  }

  @Test(arguments: [
    // A family is 18 bytes, a letter with its accent 3, a flag 8.
    ("ab👨\u{200d}👩\u{200d}👧cd", 20, "ab…"), ("ab👨\u{200d}👩\u{200d}👧cdef", 23, "ab👨\u{200d}👩\u{200d}👧…"),
    ("abe\u{301}def", 6, "ab…"), ("ab🇩🇪🇫🇷cd", 10, "ab…"), ("ab🇩🇪🇫🇷cd", 14, "ab🇩🇪…"),
    // Whole pictures of more than 24 bytes may be split, yet never behind a joiner.
    (
      "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏽!", 32, "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋…"
    ),
  ])
  func `keeps a character of several scalars whole where that is cheap`(text: String, limit: Int, cut: String) {
    #expect(Array(text.cut(to: limit).unicodeScalars) == Array(cut.unicodeScalars))
    #expect(text.cut(to: limit).utf8.count <= limit)
  }
}

@Suite struct `The address of a link` {
  @Test(arguments: [
    ("https://runbooks.example/cpu", "https://runbooks.example/cpu"), ("HTTP://a.example", "http://a.example"),
    ("https://g.example/?q={\"a\":\"<b>\"}|x y", "https://g.example/?q=%7B%22a%22:%22%3Cb%3E%22%7D%7Cx%20y"),
    ("https://wiki.example/处理", "https://wiki.example/处理"),
    ("https://a.example/\u{202e}gnp.exe", "https://a.example/%E2%80%AEgnp.exe"),
    ("https://a.example/`x`\\", "https://a.example/%60x%60%5C"),
  ])
  func `is safe in every markup`(text: String, link: String) {
    #expect(text.webLink == link)
  }

  @Test(arguments: [
    "javascript:alert(1)", "data:text/html,x", "ftp://a.example", "//a.example", "https://", "https:///x", "https:// a",
    "https://?q", " https://a.example", "https://a.example/\r\nx", "", "https",
    "https://a.example/" + String(repeating: "x", count: 2048),
  ])
  func `is nothing else than that of a web page`(text: String) {
    #expect(text.webLink == nil)
  }
}
