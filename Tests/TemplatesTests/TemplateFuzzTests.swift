import Model
import Templates
import TestKit
import Testing

@Suite struct `Templates of any kind` {
  private static let pieces = [
    "{{", "}}", "{{-", "-}}", " ", "\n", "$labels", ".x", "$value", "|", "(", ")", "\"", "`", "'a'", "humanize",
    "printf", "\"%5.2d\"", "if", "end", "range", ":=", "$x", "/*", "*/", "é", "\\", "1.5e", "0x", "text", "index",
    ",", "=", ".", "$", "with", "else", "define", "template", "block", "\"t\"", "break", "continue", "slice",
    "9223372036854775807", "-9223372036854775808", "query", "first", "len", "args", "\"[\"", "reReplaceAll", "eq",
  ]

  private static let actions = [
    "{{ if $value }}", "{{ else }}", "{{ end }}", "{{ range $i, $e := $labels }}", "{{ range 3 }}", "{{ with $x }}",
    "{{ $x := index $labels \"x\" }}", "{{ $x = . }}", "{{ $x := . }}", "{{ define \"t\" }}", "{{ template \"t\" . }}",
    "{{ block \"b\" $ }}", "{{ . }}", "{{ .Labels }}", "{{ .Value }}", "{{ $x }}", "{{ break }}", "{{ continue }}",
    "{{ slice \"añb\" 1 9223372036854775807 }}", "{{ index \"abc\" -9223372036854775808 }}",
    "{{ printf \"%9223372036854775807d %-0+#5.3x%[9]v%*d\" $value 5 }}", "{{ range -1 }}", "{{ len . }}",
    "{{ printf \"%999999d\" 1 }}", "{{ humanizeTimestamp 1e308 }}", "{{ toDuration $value }}", "{{ (toTime 1e18) }}",
    "{{ ($value | toTime).Format \"Jan _2 .000 Z07:00\" }}", "{{ query \"up\" | first | value }}",
    "{{ range query \"up\" }}", "{{ $x = args $x $x }}", "{{ reReplaceAll \"\" \"$0$1${x}\" (print .) }}", "text",
  ]

  private static let data = TemplateData(
    name: "__alert_A", labels: ["x": "y", "z": "é\u{0}"], value: 0.1,
    answers: ["up": .samples([TemplateSample(["a": "b"], 1), TemplateSample(.empty, .nan)])],
    limits: TemplateLimits(steps: 5000, bytes: 20_000, depth: 20))

  private func check(_ text: String) {
    do throws(TemplateSyntaxError) {
      let template = try Template(parsing: text)
      switch template.expand(Self.data) {
      case .text(let text): #expect(text.utf8.count <= 20_000 || template.isStatic)
      case .failed(let error, let text):
        #expect(0...template.text.utf8.count ~= error.offset)
        #expect(text.hasPrefix("<error expanding template: "))
      case .needs(let query): #expect(query != "up")
      }
      for finding in template.analysis().findings { #expect(0...text.utf8.count ~= finding.offset) }
    } catch {
      #expect(0...text.utf8.count ~= error.offset)
      #expect(!error.description.isEmpty)
      #expect(Template.problems(in: text).first == error)
    }
  }

  @Test(arguments: fuzzSeeds(200))
  func `are read or refused, whatever the tokens`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let count = Int.random(in: 0...20, using: &random)
      check((0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined())
    }
  }

  @Test(arguments: fuzzSeeds(200))
  func `end within their limits, whatever the actions`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<30 {
      let count = Int.random(in: 1...12, using: &random)
      var text = (0..<count).map { _ in Self.actions.randomElement(using: &random) ?? "" }.joined()
      text += String(repeating: "{{ end }}", count: Int.random(in: 0...3, using: &random))
      check(text)
    }
  }

  @Test(arguments: fuzzSeeds(100))
  func `are read or refused with a byte changed`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let whole = Self.actions.joined() + String(repeating: "{{ end }}", count: 8)
    for _ in 0..<10 {
      var bytes = Array(whole.utf8)
      for _ in 0..<3 {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
      check(String(decoding: bytes, as: UTF8.self))
    }
  }
}
