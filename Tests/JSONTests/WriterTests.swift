import JSON
import TestKit
import Testing

@Suite struct `Writing JSON` {
  @Test func `puts commas and colons by itself`() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("a", 1)
    writer.member("b", "x")
    writer.key("c")
    writer.beginArray()
    writer.double(1.5)
    writer.bool(true)
    writer.null()
    writer.beginObject()
    writer.endObject()
    writer.raw(#"{"d":[]}"#)
    writer.endArray()
    writer.key("e")
    writer.beginArray()
    writer.endArray()
    writer.member("f", false)
    writer.endObject()
    #expect(writer.text == #"{"a":1,"b":"x","c":[1.5,true,null,{},{"d":[]}],"e":[],"f":false}"#)
  }

  @Test func `indents where asked to`() {
    let value: JSONValue = ["a": [1, [:], []], "b": ["c": nil]]
    let expected = """
      {
        "a": [
          1,
          {},
          []
        ],
        "b": {
          "c": null
        }
      }
      """
    #expect(String(decoding: value.bytes(pretty: true), as: UTF8.self) == expected)
  }

  @Test(arguments: [
    ("plain é 漢 😀", #""plain é 漢 😀""#, #""plain é 漢 😀""#),
    ("\"\\/", #""\"\\/""#, #""\"\\/""#),
    (
      "\n\r\t\u{8}\u{c}\u{1}\u{1f}\u{7f}", "\"\\n\\r\\t\\b\\f\\u0001\\u001f\u{7f}\"",
      "\"\\n\\r\\t\\b\\f\\u0001\\u001f\u{7f}\""
    ),
    ("<a href='x'>&</a>", #""<a href='x'>&</a>""#, #""\u003ca href='x'\u003e\u0026\u003c/a\u003e""#),
    ("\u{2027}\u{2028}\u{2029}\u{202a}", "\"\u{2027}\u{2028}\u{2029}\u{202a}\"", "\"\u{2027}\\u2028\\u2029\u{202a}\""),
  ])
  func `escapes what must be, and more like Go`(text: String, minimal: String, likeGo: String) {
    var writer = JSONWriter()
    writer.string(text)
    #expect(writer.text == minimal)
    writer = JSONWriter(escaping: .likeGo)
    writer.string(text)
    #expect(writer.text == likeGo)
  }

  @Test(
    arguments: [
      (0.0, "0"), (-0.0, "-0"), (1, "1"), (-12, "-12"), (0.1, "0.1"), (1.5, "1.5"), (1e14, "100000000000000"),
      (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.5e300, "1.5e+300"), (1e-6, "0.000001"), (1e-7, "1e-7"),
      (-1.25e-9, "-1.25e-9"), (123456789.125, "123456789.125"), (9_007_199_254_740_992, "9007199254740992"),
      (0.1 + 0.2, "0.30000000000000004"), (.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
      (.nan, "null"), (.infinity, "null"), (1435781451.781, "1435781451.781"),
    ] as [(Double, String)])
  func `lays numbers out as Go does`(value: Double, text: String) {
    var writer = JSONWriter()
    writer.double(value)
    #expect(writer.text == text)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a number reads back as itself`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue.number(value).text).double == value)
      let short = Double(Int.random(in: -999_999...999_999, using: &random)) / 1000
      #expect(try JSONValue(parsing: JSONValue.number(short).text).double == short)
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `a value reads back as itself`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let value = Self.value(depth: 4, &random)
    #expect(try JSONValue(parsing: value.bytes()) == value)
    #expect(try JSONValue(parsing: value.bytes(pretty: true, escaping: .likeGo)) == value)
  }

  private static func value(depth: Int, _ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
    case 0: return nil
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(Int64(bitPattern: random.next()))
    case 3: return .number(Double.random(in: -1...1, using: &random) + 0.5e-9)
    case 4: return .string(text(&random))
    case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, &random) })
    default:
      return .object(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in .init(text(&random), value(depth: depth - 1, &random)) })
    }
  }

  private static func text(_ random: inout SplitMix64) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x2ffff
      text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) ?? "<")
    }
    return text
  }
}
