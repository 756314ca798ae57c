import Model
import Notifier
import Specs
import Testing

/// A mark with an accent on it, or behind a sign that joins it, is one character to Swift and still a mark to whoever
/// reads the text.
@Suite struct `A mark within a character` {
  private static var dialects: [any Markup.Type] {
    [
      HTML.self, SlackMarkup.self, TelegramMarkup.self, DiscordMarkup.self, MattermostMarkup.self, TeamsMarkup.self,
      FeishuMarkup.self, DingTalkMarkup.self, WeComMarkup.self,
    ]
  }
  private static let marks = "<>&*_~`[]()|\\\"'!#@".unicodeScalars.map { String($0) }
  /// Acute, circle, joiner, selector of a picture.
  private static let accents = ["\u{301}", "\u{20dd}", "\u{200d}", "\u{fe0f}"]

  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  @Test(arguments: dialects.indices) func `is escaped like one alone`(dialect: Int) {
    let markup = Self.dialects[dialect]
    for mark in Self.marks {
      let alone = scalars(markup.escaped("x" + mark + "§"))
      for accent in Self.accents {
        let text = scalars(markup.escaped("x" + mark + accent + "§"))
        #expect(text.filter { $0 != accent.unicodeScalars.first } == alone, "\(markup) \(mark) \(accent)")
      }
      // What stands before an `@` decides whether it begins a name.
      if mark == "@" { continue }
      let behind = scalars(markup.escaped("x\u{600}" + mark + "§"))
      #expect(behind.filter { $0 != "\u{600}" } == alone, "\(markup) \(mark)")
    }
  }

  @Test(arguments: dialects.indices) func `ends no code`(dialect: Int) {
    let markup = Self.dialects[dialect]
    for accent in Self.accents {
      for mark in ["`", "<", "``"] {
        let code = scalars(markup.code("a" + mark + accent + "b"))
        let alone = scalars(markup.code("a" + mark + "b"))
        #expect(code.filter { $0 != accent.unicodeScalars.first } == alone, "\(markup) \(mark)")
      }
    }
  }

  @Test(arguments: ["\u{301}", "\u{200d}", "\u{20dd}"]) func `ends no word of a shell`(accent: String) {
    let attack = "x'" + accent + "; rm -rf ~; echo '" + accent
    let labels: Labels = ["alertname": "HighCPU", "path": attack]
    let content = MessageContent(Post([message([alert(labels)], group: labels)]), MessageStyle())
    guard let command = content.silenceCommand else { return }
    // The quotes that begin and end words come in pairs, once those are gone that are written out.
    let bare = command.unicodeScalars.filter { $0 != accent.unicodeScalars.first }
    let words = String(String.UnicodeScalarView(bare)).replacing(#"'\''"#, with: "§").split(separator: "'")
    #expect(words.contains { $0.contains("x§; rm -rf ~; echo §") }, "\(command)")
  }

  @Test(arguments: ["\u{301}", "\u{20dd}"]) func `opens no tag where text has no escape`(accent: String) async {
    let attack = "<" + accent + "at user_id=\"all\">all</at> \u{600}<at user_id=\"all\">x</at> \u{600}<@all>"
    let post = Post([message([alert(["alertname": "A", "x": attack])], group: ["alertname": "A"])])
    let yes = answer(200, #"{"code":0,"errcode":0}"#)
    var feishu = FeishuSpec(pool: pool("https://open.feishu.cn/hook"))
    feishu.format = .text
    var wecom = WeComSpec(pool: pool("https://qyapi.weixin.qq.com/hook"))
    wecom.format = .text
    let transport = ScriptedTransport(yes)
    _ = await outcome(of: post, by: FeishuChannel(feishu, context: context()), over: transport)
    _ = await outcome(of: post, by: WeComChannel(wecom, context: context()), over: transport)
    let bodies = await transport.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies.count == 2)
    #expect(!bodies[0].unicodeScalars.contains("<"), "\(bodies[0])")
    #expect(!bodies[1].utf8.contains(sequence: "<@"), "\(bodies[1])")
  }
}

extension String.UTF8View {
  fileprivate func contains(sequence: String) -> Bool {
    indices.contains { self[$0...].starts(with: sequence.utf8) }
  }
}
