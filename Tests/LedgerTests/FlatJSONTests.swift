import Model
import Testing

@testable import Ledger

@Suite struct `JSON in columns` {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `reads what it writes`(seed: UInt64) {
    var records = RandomRecords(seed: seed)
    let pairs = (0..<4).map { _ in Label(records.text(withNUL: true), records.text(withNUL: true)) }
    #expect(FlatJSONReader.texts(FlatJSONWriter.object(pairs)) == pairs)
    let values: [FlatValue] = [
      FlatValue(records.timestamp().millisecondsSinceEpoch), .null, .text(records.text(withNUL: true)),
    ]
    #expect(FlatJSONReader.array(FlatJSONWriter.array(values)) == values)
    let number = records.double()
    let read = FlatJSONReader.numbers(FlatJSONWriter.object([(name: "a", value: number)]))
    #expect(read?.first?.value == number || number.isNaN)
  }

  @Test(
    arguments: [
      ([], "{}"),
      ([Label("a", "1"), Label("b", "")], #"{"a":"1","b":""}"#),
      ([Label("q\"", "\\\n\u{1}é")], #"{"q\"":"\\\n\u0001é"}"#),
    ] as [([Label], String)])
  func `is written plainly`(pairs: [Label], text: String) {
    #expect(FlatJSONWriter.object(pairs) == text)
  }

  @Test func `reads what SQLite or a person may have written`() {
    #expect(FlatJSONReader.texts(#"{ "a" : "\u00e9\/" , "b":"\t"}"#) == [Label("a", "é/"), Label("b", "\t")])
    #expect(FlatJSONReader.array(#"[1, null, -2.5e3]"#) == [.number("1"), .null, .number("-2.5e3")])
  }

  @Test(arguments: [
    "", "{", "[", "{}x", "[1", "[1,]", "[x]", #"{"a"}"#, #"{"a":}"#, #"{"a":1}"#, #"{"a":"b"#, #"{"a":"\u12"}"#,
    #"{"a":"\ud800"}"#, #"{"a":"\x"}"#, #"{"a":"b","#, "null", #"{"a":"b"]"#,
  ])
  func `takes nothing else, and never traps`(text: String) {
    #expect(FlatJSONReader.texts(text) == nil)
    if text != "[1, null]" { #expect(FlatJSONReader.array(text) == nil) }
  }
}
