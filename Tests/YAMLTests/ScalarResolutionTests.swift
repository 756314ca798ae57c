import Testing
import YAML

@Suite struct `Resolving plain scalars` {
  @Test(arguments: [
    ("", YAMLScalar.Tag.null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string),
    ("true", .boolean), ("False", .boolean), ("TRUE", .boolean), ("yes", .string), ("on", .string), ("y", .string),
    ("0", .integer), ("-12", .integer), ("+7", .integer), ("0o17", .integer), ("0xFf", .integer), ("0123", .integer),
    ("0o8", .string), ("0x", .string), ("-0x1", .string), ("1_000", .string), ("12:30:00", .string),
    ("1.", .float), (".5", .float), ("1e3", .float), ("1E-3", .float), ("-1.5e+10", .float), (".inf", .float),
    ("-.INF", .float), (".NaN", .float), ("+.nan", .string), (".", .string), ("-", .string), ("1e", .string),
    ("e3", .string), ("1.2.3", .string), ("5m", .string), ("2026-11-20", .string), ("+", .string), ("-.", .string),
  ])
  func `follows the core schema`(text: String, tag: YAMLScalar.Tag) {
    #expect(YAMLScalar.Tag(resolving: text) == tag)
  }

  @Test func `gives values`() {
    func plain(_ text: String) -> YAMLScalar { YAMLScalar(text, style: .plain) }
    #expect(plain("0o17").integer == 15)
    #expect(plain("0xfF").integer == 255)
    #expect(plain("-0123").integer == -123)
    #expect(plain("99999999999999999999").integer == nil)
    #expect(plain("99999999999999999999").double == 1e20)
    #expect(plain("1.").double == 1)
    #expect(plain("-.5e1").double == -5)
    #expect(plain("-.inf").double == -.infinity)
    #expect(plain(".nan").double?.isNaN == true)
    #expect(plain("True").bool == true)
    #expect(YAMLScalar("1", style: .doubleQuoted).integer == nil)
  }

  @Test(arguments: [
    ("yes", YAML11Reading.boolean(true)), ("Off", .boolean(false)), ("y", .boolean(true)), ("N", .boolean(false)),
    ("1e3", .text), ("0123", .octal), ("-017", .octal), ("12:30:00", .sexagesimal), ("190:20:30.15", .sexagesimal),
    ("1_000", .separatedNumber), ("0b101", .binary), ("=", .defaultValue), ("true", nil), ("089", nil), ("0", nil),
    ("12:60", nil), ("1.5e3", nil), ("yES", nil), ("node-1:9090", nil), ("10.0.0.1:80", nil), ("==", nil), ("+y", nil),
  ])
  func `tells what YAML 1.1 would have read`(text: String, reading: YAML11Reading?) {
    #expect(YAMLScalar(text, style: .plain).yaml11Reading == reading)
    #expect(YAMLScalar(text, style: .plain).wasYAML11Word == (reading != nil))
    #expect(YAMLScalar(text, style: .singleQuoted).yaml11Reading == nil)
  }
}
