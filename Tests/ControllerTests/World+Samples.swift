import Foundation
import JSON
import Synchronization
import TestKit
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A page of metrics whose text a test sets.
final class MetricsPage: Sendable {
  private let text: Text
  private let server: LoopbackHTTPServer

  private final class Text: Sendable {
    let value: Mutex<String>
    init(_ text: String) { value = Mutex(text) }
  }

  init(_ text: String) throws {
    let shared = Text(text)
    self.text = shared
    server = try LoopbackHTTPServer { _ in LoopbackAnswer(status: 200, body: shared.value.withLock { $0 }) }
  }

  /// `127.0.0.1:PORT`.
  var target: String { "127.0.0.1:\(server.port)" }
  var scrapes: Int { server.requests.count }

  func set(_ text: String) { self.text.value.withLock { $0 = text } }
  func stop() { server.stop() }
}

extension World {
  /// A scrape job for an embedded source, as an item of its list.
  static func job(_ name: String, _ target: String, labels: String = "") -> String {
    """
      - job_name: \(name)
        targets: ['\(target)']
        interval: 200ms
        labels: {\(labels)}
    """.indented(by: 4)
  }

  /// An embedded data source; `settings` are lines of its `embedded`, of six spaces, and `more` of its `spec`.
  static func embedded(_ name: String = "main", jobs: [String] = [], settings: String = "", more: String = "") -> String
  {
    """
    apiVersion: belfry/v1
    kind: DataSource
    metadata:
      name: \(name)
    spec:
      default: true
    \(more)  embedded:
        max_series: 5000
    \(settings)
    """ + (jobs.isEmpty ? "" : "    scrape:\n" + jobs.joined(separator: "\n") + "\n")
  }

  /// What `belfry query` finds: labels and values, the last ones of a range.
  func find(_ expression: String, _ arguments: [String]) async throws -> [(labels: [String: String], value: Double)] {
    let answer = try await run(Self.belfry, ["query", "--format", "json"] + arguments + [expression])
    guard answer.code == 0 else { throw NotSeen(description: "belfry query: \(answer.errors)") }
    let result = try JSONValue(parsing: Array(answer.output.utf8)).at("data.result")?.array ?? []
    return result.map { item in
      let members = item["metric"]?.members ?? []
      return (
        Dictionary(members.map { ($0.name, $0.value.string ?? "") }) { $1 },
        Double(item["value"]?[1]?.string ?? "") ?? .nan
      )
    }
  }

  /// The value of an expression that has one series; `nil` where it has none.
  func value(of expression: String, _ arguments: [String]) async throws -> Double? {
    try await find(expression, arguments).first?.value
  }
}

extension RunningController {
  /// The sum over a metric of the controller's own; 0 where there is none.
  func metric(_ name: String) async throws -> Double {
    Self.value(name, in: try await metrics())
  }

  /// The sum over a metric on a page.
  static func value(_ name: String, in page: String) -> Double {
    page.split(separator: "\n").filter { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
      .compactMap { $0.split(separator: " ").last.flatMap { Double(String($0)) } }.reduce(0, +)
  }

  /// The page `/metrics`.
  func metrics() async throws -> String {
    guard let url = URL(string: url + "/metrics") else { return "" }
    return String(decoding: try await URLSession.shared.data(from: url).0, as: UTF8.self)
  }

  /// When an alert began to hold, as the API writes it.
  func activeAt(_ name: String) async throws -> String? {
    try await alerts().first { $0.at("labels.alertname")?.string == name }?["activeAt"]?.string
  }
}

extension String {
  fileprivate func indented(by spaces: Int) -> String {
    split(separator: "\n").map { String(repeating: " ", count: spaces) + $0 }.joined(separator: "\n")
  }
}
