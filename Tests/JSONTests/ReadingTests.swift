import JSON
import Testing

@Suite struct `Reading JSON values` {
  private static let allowed: [(String, JSONValue)] = [
    ("null", .null), (" true ", .bool(true)), ("false\n", .bool(false)), ("0", .integer(0)), ("-12", .integer(-12)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("1.5", .number(1.5)), ("1e3", .number(1000)), ("1E-2", .number(0.01)), ("-0", .number(-0.0)),
    ("0.1", .number(0.1)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ("123456789012345678.25", .number(123_456_789_012_345_680)),
    ("2.2250738585072014e-308", .number(.leastNormalMagnitude)), ("5e-324", .number(.leastNonzeroMagnitude)),
    ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
    (#""""#, .string("")), (#""é\u00e9\/\b\f\n\r\t\"\\""#, .string("éé/\u{8}\u{c}\n\r\t\"\\")),
    (#""\uD83D\uDE00\u0000""#, .string("😀\u{0}")),
    ("[]", .array([])), ("[1,[2] , {}]", .array([.integer(1), .array([.integer(2)]), .object([])])),
    ("{ }", .object([])),
    (#"{"b":1,"a":[null]}"#, .object([.init("b", .integer(1)), .init("a", .array([.null]))])),
    ("\t[\r\n1 ]", .array([.integer(1)])),
  ]

  @Test(arguments: allowed)
  func `takes what RFC 8259 allows`(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(arguments: [
    ("", JSONSyntaxError.Problem.endOfText, 0), ("  ", .endOfText, 2), ("tru", .endOfText, 3),
    ("trux", .expectedValue, 0),
    ("nul!", .expectedValue, 0), ("[1,]", .trailingComma, 2), (#"{"a":1,}"#, .trailingComma, 6),
    ("[,1]", .expectedValue, 1),
    ("[1 2]", .expectedCommaOrEnd, 3), ("{1:2}", .expectedName, 1), (#"{"a" 1}"#, .expectedColon, 5),
    ("[", .endOfText, 1),
    ("01", .malformedNumber, 0), ("-", .endOfText, 1), ("-x", .malformedNumber, 0), ("1.", .endOfText, 2),
    ("[1.]", .malformedNumber, 1),
    ("[.5]", .expectedValue, 1), ("1e", .endOfText, 2), ("+1", .expectedValue, 0), ("1e999", .numberOutOfRange, 0),
    ("NaN", .expectedValue, 0),
    ("\"a", .endOfText, 2), ("\"a\nb\"", .controlCharacter, 2), (#""\x""#, .unknownEscape, 1),
    (#""\u12g4""#, .unknownEscape, 1),
    (#""\ud800""#, .unpairedSurrogate, 1), (#""\ud800\u0041""#, .unpairedSurrogate, 1),
    (#""a\udc00""#, .unpairedSurrogate, 2),
    ("1 1", .textAfterValue, 2), ("{}x", .textAfterValue, 2), ("\u{feff}1", .expectedValue, 0),
    ("[1}", .expectedCommaOrEnd, 2), ("'a'", .expectedValue, 0),
  ])
  func `says what is wrong and where`(text: String, problem: JSONSyntaxError.Problem, offset: Int) {
    #expect(throws: JSONSyntaxError(problem, at: offset)) { try JSONValue(parsing: text) }
  }

  @Test(
    arguments: [
      ([0x22, 0xff, 0x22], 1), ([0x22, 0x61, 0xc3, 0x28, 0x22], 2), ([0x22, 0xed, 0xa0, 0x80, 0x22], 1),
      ([0x22, 0x5c, 0x6e, 0xe2, 0x82, 0x22], 3), ([0x22, 0xc0, 0x80, 0x22], 1),
    ] as [([UInt8], Int)])
  func `takes UTF-8 only`(bytes: [UInt8], offset: Int) {
    #expect(throws: JSONSyntaxError(.notUTF8, at: offset)) { try JSONValue(parsing: bytes) }
  }

  @Test func `has a limit of depth`() throws {
    #expect(try JSONValue(parsing: "[[1]]", depthLimit: 2) == [[1]])
    #expect(throws: JSONSyntaxError(.tooDeep(limit: 2), at: 2)) { try JSONValue(parsing: "[[[1]]]", depthLimit: 2) }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONSyntaxError(.tooDeep(limit: 64), at: 64)) { try JSONValue(parsing: deep) }
  }

  @Test func `gives members and elements by name and place`() throws {
    let value = try JSONValue(parsing: #"{"a": 1, "b": [true, 2.0, "x"], "a": 2, "n": null}"#)
    #expect(value["a"]?.int == 2)
    #expect(value.members?.map(\.name) == ["a", "b", "a", "n"])
    #expect(value["b"]?[0]?.bool == true)
    #expect(value["b"]?[1]?.int == 2)
    #expect(value["b"]?[1]?.double == 2)
    #expect(value["b"]?[2]?.string == "x")
    #expect(value["b"]?[3] == nil)
    #expect(value["b"]?.array?.count == 3)
    #expect(value["n"]?.isNull == true)
    #expect(value["x"] == nil)
    #expect(JSONValue.string("1").int == nil)
  }

  @Test func `words its errors for people`() {
    #expect(JSONSyntaxError(.expectedColon, at: 12).description == "expected ':' at byte 12")
    #expect(JSONSyntaxError(.expected(.array), at: 0).description == "expected an array at byte 0")
  }
}
