import JSON
import TestKit
import Testing

@Suite struct `Reading JSON front to back` {
  @Test func `gives what is asked for and skips the rest`() throws {
    let text = #"""
      {"status": "success", "skipped": {"a": [1, "\"]}", {"b": null}], "c": false},
       "data": {"result": [{"metric": {"job": "node"}, "value": [1435781451.781, "1.5"]},
                           {"metric": {}, "value": [0, "NaN"]}]}, "last": null}
      """#
    var reader = JSONReader(Array(text.utf8))
    var seen: [String] = []
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      switch name {
      case "status": seen.append(try reader.string())
      case "last": seen.append(try reader.null() ? "null" : "value")
      case "data": try readData(&reader, &seen)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    #expect(seen == ["success", "job=node", "1435781451.781 1.5", "0.0 nan", "null"])
  }

  private func readData(_ reader: inout JSONReader, _ seen: inout [String]) throws {
    try reader.beginObject()
    while try reader.nextObjectKey() != nil {
      try reader.beginArray()
      while try reader.nextElement() { try readSeries(&reader, &seen) }
    }
  }

  private func readSeries(_ reader: inout JSONReader, _ seen: inout [String]) throws {
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      if name == "metric" {
        try reader.beginObject()
        while let label = try reader.nextObjectKey() { seen.append(label + "=" + (try reader.string())) }
      } else {
        try reader.beginArray()
        _ = try reader.nextElement()
        let time = try reader.double()
        _ = try reader.nextElement()
        let value = try reader.quotedDouble()
        #expect(try !reader.nextElement())
        seen.append("\(time) \(value ?? -1)")
      }
    }
  }

  @Test(
    arguments: [
      (#""1""#, 1.0), (#""-0.25""#, -0.25), (#""1e+100""#, 1e100), (#""+Inf""#, .infinity), (#""-Inf""#, -.infinity),
      (#""x""#, nil), (#""""#, nil), (#""1x""#, nil), (#""1e999""#, nil), (#""\u0031""#, nil),
    ] as [(String, Double?)])
  func `reads a number in quotes`(text: String, value: Double?) throws {
    var reader = JSONReader(Array(text.utf8))
    #expect(try reader.quotedDouble() == value)
    try reader.end()
  }

  @Test func `asks for the kind that is there`() throws {
    var reader = JSONReader(Array("[1, true]".utf8))
    #expect(try reader.peek() == .array)
    #expect(throws: JSONSyntaxError(.expected(.object), at: 0)) { try reader.beginObject() }
    try reader.beginArray()
    #expect(try reader.nextElement())
    #expect(throws: JSONSyntaxError(.expected(.string), at: 1)) { try reader.string() }
    #expect(try reader.integer() == 1)
    #expect(try reader.nextElement())
    #expect(throws: JSONSyntaxError(.expected(.number), at: 4)) { try reader.double() }
    #expect(try !reader.null())
    #expect(try reader.bool())
    #expect(try !reader.nextElement())
  }

  @Test(arguments: fuzzSeeds(50))
  func `never traps on a damaged text, and errors stay inside it`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let original = Array(#"{"a":[1,-2.5e3,true,null,"é\n\ud83d\ude00"],"b":{"c":"x","d":[[],{}]},"e":0.1}"#.utf8)
    let pieces = ["\"", "\\", "{", "}", "[", "]", ",", ":", "-", "e", ".", "\\u", "\\ud800", "1", "t", " ", "\u{1}"]
    for _ in 0..<60 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0..<10, using: &random)))
        default: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
        }
      }
      var reader = JSONReader(bytes)
      do throws(JSONSyntaxError) { try reader.skipValue() } catch { #expect(0...bytes.count ~= error.offset) }
      do throws(JSONSyntaxError) {
        let value = try JSONValue(parsing: bytes)
        // A number such as 1e3 comes back as an integer, so the texts are compared.
        #expect(try JSONValue(parsing: value.bytes()).text == value.text)
      } catch {
        #expect(0...bytes.count ~= error.offset)
      }
    }
  }
}
