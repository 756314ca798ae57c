import Diagnostics
import JSON
import Testing

@testable import Controller

/// The part of the schema of SARIF 2.1.0 that our logs use (OASIS, sarif-schema-2.1.0.json): the same properties,
/// required ones, kinds and limits. Anything else in a log is an error here, though the standard would allow more.
private let schema = #"""
  {
    "type": "object", "required": ["version", "runs"],
    "properties": {
      "$schema": {"type": "string"}, "version": {"enum": ["2.1.0"]},
      "runs": {"type": "array", "items": {
        "type": "object", "required": ["tool"],
        "properties": {
          "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
            "type": "object", "required": ["name"],
            "properties": {
              "name": {"type": "string"}, "semanticVersion": {"type": "string"},
              "rules": {"type": "array", "uniqueItems": true, "items": {
                "type": "object", "required": ["id"],
                "properties": {
                  "id": {"type": "string"}, "name": {"type": "string"}, "shortDescription": "message",
                  "fullDescription": "message", "help": "message",
                  "defaultConfiguration": {"type": "object", "properties": {"level": "level"}}
                }}}
            }}}},
          "automationDetails": {"type": "object", "properties": {"id": {"type": "string"}}},
          "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
          "results": {"type": "array", "items": {
            "type": "object", "required": ["message"],
            "properties": {
              "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": -1}, "level": "level",
              "message": "message", "locations": {"type": "array", "items": "location"},
              "relatedLocations": {"type": "array", "items": "location"},
              "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}}
            }}}
        }}}
    }
  }
  """#

private let definitions = #"""
  {
    "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
    "level": {"enum": ["none", "note", "warning", "error"]},
    "location": {"type": "object", "properties": {"message": "message", "physicalLocation": {
      "type": "object",
      "properties": {
        "artifactLocation": {"type": "object", "properties": {
          "uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": {"type": "string"}}},
        "region": {"type": "object", "properties": {
          "startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1},
          "endLine": {"type": "integer", "minimum": 1}, "endColumn": {"type": "integer", "minimum": 1}}}
      }}}}
  }
  """#

/// Checks a document against a schema; returns what is wrong, with the path.
private func faults(_ value: JSONValue, _ schema: JSONValue, _ definitions: JSONValue, at path: String = "") -> [String]
{
  if let name = schema.string { return faults(value, definitions[name] ?? .null, definitions, at: path) }
  if let words = schema["enum"]?.array { return words.contains(value) ? [] : ["\(path): \(value.text)"] }
  switch (schema["type"]?.string, value) {
  case ("string", .string(let text)):
    guard schema["format"] != nil else { return [] }
    let isURI = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"<>\"{}|\\^`:".utf8.contains($0) }
    return isURI ? [] : ["\(path): no URI: \(text)"]
  case ("integer", .integer(let number)):
    return Int(number) >= schema["minimum"]?.int ?? .min ? [] : ["\(path): \(number) is too small"]
  case ("array", .array(let items)):
    let isUnique = schema["uniqueItems"]?.bool != true || Set(items).count == items.count
    return (isUnique ? [] : ["\(path): twice the same"])
      + items.enumerated().flatMap { faults($1, schema["items"] ?? .null, definitions, at: "\(path)[\($0)]") }
  case ("object", .object(let members)):
    let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { value[$0] == nil }
    return missing.map { "\(path).\($0) is missing" }
      + members.flatMap { member -> [String] in
        guard let known = schema["properties"]?[member.name] ?? schema["additionalProperties"] else {
          return ["\(path).\(member.name) is no property"]
        }
        return faults(member.value, known, definitions, at: "\(path).\(member.name)")
      }
  default: return ["\(path): \(value.kind), not \(schema["type"]?.string ?? "?")"]
  }
}

@Suite struct `SARIF logs` {
  private func report(_ count: Int) -> FindingReport {
    let findings = (0..<count).map { number in
      let range = SourceRange(SourcePosition(line: number, column: 0), SourcePosition(line: number, column: number % 5))
      return Finding(
        level: [.error, .warning, .note][number % 3], code: ["unknown-field", "no-such-code"][number % 2],
        message: "message \(number)\u{1}\n<b>", file: "tenants/sh op/ü:\(number % 7).yaml",
        range: number % 4 == 0 ? nil : range,
        notes: [.init(message: "here", file: "platform/a.yaml", range: range), .init(message: "nowhere")])
    }
    return FindingReport(command: "check", findings: findings, summary: "")
  }

  @Test(arguments: [0, 1, 50]) func `validate against the schema`(count: Int) throws {
    let log = try JSONValue(parsing: report(count).sarif.bytes())
    let found = faults(log, try JSONValue(parsing: schema), try JSONValue(parsing: definitions))
    #expect(found.isEmpty, "\(found)")
    #expect(log.at("runs.0.results")?.array?.count == count)
  }

  @Test func `the check of the schema finds faults`() throws {
    let log = #"{"version": "2.1", "runs": [{"results": [{"level": "bad", "locations": 5, "foo": 1}]}]}"#
    let found = faults(
      try JSONValue(parsing: log), try JSONValue(parsing: schema), try JSONValue(parsing: definitions))
    #expect(found.count == 6, "\(found)")
  }

  @Test func `rules have help, and results point at them`() throws {
    let log = report(10).sarif
    let rules = try #require(log.at("runs.0.tool.driver.rules")?.array)
    #expect(rules.map { $0["id"]?.string } == ["no-such-code", "unknown-field"])
    #expect(rules[1].at("help.text")?.string == CodeHelp.text(of: "unknown-field"))
    for result in log.at("runs.0.results")?.array ?? [] {
      #expect(rules[result["ruleIndex"]?.int ?? 9]["id"] == result["ruleId"])
    }
    #expect(report(30_000).sarif.at("runs.0.results")?.array?.count == 25_000)
  }
}
