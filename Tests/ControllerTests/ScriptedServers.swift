import Foundation
import JSON
import Model
import Synchronization
import TestKit

/// A Prometheus whose answers a test sets by expression; an expression that it wasn't told of finds nothing.
final class ScriptedPrometheus: Sendable {
  private let answers: AnswerBook
  private let server: LoopbackHTTPServer

  private final class AnswerBook: Sendable {
    let answers = Mutex<[String: LoopbackAnswer]>([:])
    let ranges = Mutex<[String: @Sendable ([String: String]) -> LoopbackAnswer]>([:])
    let always = Mutex<LoopbackAnswer?>(nil)
    let asked = Mutex<[String: Int]>([:])
  }

  init() throws {
    let book = AnswerBook()
    answers = book
    server = try LoopbackHTTPServer { request in
      let expression = Self.expression(of: request)
      book.asked.withLock { $0[expression, default: 0] += 1 }
      if let answer = book.always.withLock({ $0 }) { return answer }
      if request.path.hasSuffix("/query_range") {
        let form = Self.form(of: request)
        if let range = book.ranges.withLock({ $0[expression] }) { return range(form) }
        return .json(Self.matrix([]))
      }
      return book.answers.withLock { $0[expression] } ?? .json(Self.vector([]))
    }
  }

  var url: String { server.url }
  func stop() { server.stop() }

  /// Lets an expression find these series, each with the value 1.
  func set(_ expression: String, _ series: [[String: String]]) {
    answers.answers.withLock { $0[expression] = .json(Self.vector(series)) }
  }

  /// Lets an expression be answered so.
  func set(_ expression: String, answer: LoopbackAnswer) {
    answers.answers.withLock { $0[expression] = answer }
  }

  /// Keeps an expression's answers back until ``release()``.
  func hold(_ expression: String) {
    var answer = LoopbackAnswer.json(Self.vector([]))
    answer.delivery = .held
    set(expression, answer: answer)
  }

  func release() { server.release() }

  /// Lets an expression have these series over any stretch: each is there at the instants (in seconds since 1970) that
  /// its rule accepts.
  func set(range expression: String, _ series: [(labels: [String: String], holds: @Sendable (Int) -> Bool)]) {
    answers.ranges.withLock {
      $0[expression] = { form in
        let number = { (name: String) in Double(form[name] ?? "") ?? 0 }
        let instants = stride(from: number("start"), through: number("end"), by: max(0.001, number("step")))
        return .json(Self.matrix(series.map { one in (one.labels, instants.filter { one.holds(Int($0)) }) }))
      }
    }
  }

  /// Lets everything be answered so; `nil` for what was set by expression.
  func always(_ answer: LoopbackAnswer?) {
    answers.always.withLock { $0 = answer }
  }

  /// How often an expression was asked for.
  func asked(_ expression: String) -> Int {
    answers.asked.withLock { $0[expression] ?? 0 }
  }

  private static func expression(of request: LoopbackRequest) -> String { form(of: request)["query"] ?? "" }

  private static func form(of request: LoopbackRequest) -> [String: String] {
    var form: [String: String] = [:]
    for pair in request.text.split(separator: "&") {
      guard let sign = pair.firstIndex(of: "=") else { continue }
      let text = pair[pair.index(after: sign)...].replacing("+", with: " ")
      form[String(pair[..<sign])] = text.removingPercentEncoding ?? String(text)
    }
    return form
  }

  private static func matrix(_ series: [(labels: [String: String], times: [Double])]) -> String {
    let result = series.filter { !$0.times.isEmpty }.map { one in
      let members = one.labels.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
      let values = one.times.map { JSONValue.array([.number($0), .string("1")]) }
      return JSONValue.object([.init("metric", .object(members)), .init("values", .array(values))])
    }
    return JSONValue.object([
      .init("status", "success"),
      .init("data", .object([.init("resultType", "matrix"), .init("result", .array(result))])),
    ]).text
  }

  static func vector(_ series: [[String: String]]) -> String {
    let result = series.map { labels in
      let members = labels.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
      return JSONValue.object([
        .init("metric", .object(members)), .init("value", .array([.integer(0), .string("1")])),
      ])
    }
    return JSONValue.object([
      .init("status", "success"),
      .init("data", .object([.init("resultType", "vector"), .init("result", .array(result))])),
    ]).text
  }
}

/// A webhook receiver that remembers the pages.
final class PageReceiver: Sendable {
  /// One alert in one message.
  struct Page: Hashable, Sendable {
    let path: String
    let receiver: String
    let status: String
    let alert: String
    let labels: [String: String]
    let annotations: [String: String]
    let reason: String
  }

  private let script: Script
  private let server: LoopbackHTTPServer

  private final class Script: Sendable {
    let answers = Mutex<[LoopbackAnswer]>([])
    let always = Mutex<LoopbackAnswer?>(nil)
    let taken = Mutex<[LoopbackRequest]>([])
    let arrivals = Mutex<[ContinuousClock.Instant]>([])
  }

  init() throws {
    let script = Script()
    self.script = script
    server = try LoopbackHTTPServer { request in
      script.arrivals.withLock { $0.append(.now) }
      let next = script.answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      let answer = next ?? script.always.withLock { $0 } ?? LoopbackAnswer(status: 200, body: "")
      if answer.status == 200, answer.delivery == .whole { script.taken.withLock { $0.append(request) } }
      return answer
    }
  }

  var url: String { server.url }
  func stop() { server.stop() }

  /// Answers the next requests so, one each.
  func next(_ answers: LoopbackAnswer...) { script.answers.withLock { $0 += answers } }
  /// Answers all others so; `nil` for 200.
  func always(_ answer: LoopbackAnswer?) { script.always.withLock { $0 = answer } }

  /// How many requests came, taken or not.
  var requestCount: Int { server.requests.count }

  /// When each request was there, in order.
  var arrivals: [ContinuousClock.Instant] { script.arrivals.withLock { $0 } }

  /// The pages that were taken, in order.
  var pages: [Page] {
    script.taken.withLock { $0 }.flatMap { request -> [Page] in
      guard let message = try? JSONValue(parsing: request.body) else { return [] }
      return (message["alerts"]?.array ?? []).map { alert in
        func texts(_ name: String) -> [String: String] {
          Dictionary((alert[name]?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { $1 }
        }
        return Page(
          path: request.path, receiver: message["receiver"]?.string ?? "", status: alert["status"]?.string ?? "",
          alert: alert.at("labels.alertname")?.string ?? "",
          labels: texts("labels"), annotations: texts("annotations"),
          reason: message["notification_reason"]?.string ?? "")
      }
    }
  }

  /// How many pages there are of an alert in a state.
  func count(_ alert: String, _ status: String = "firing") -> Int {
    pages.count { $0.alert == alert && $0.status == status }
  }
}
