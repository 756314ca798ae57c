import Hummingbird
import JSON
import Model

/// What is answered from live alerts and rules in Prometheus's way.
extension StatusResponder {
  func prometheusAlerts(of tenant: String?, _ reading: Reading) async -> [UInt8] {
    let alerts = await source.book().alerts(of: tenant, for: reading.reader)
    var bytes = Array(#"{"status":"success","data":{"alerts":["#.utf8)
    bytes.reserveCapacity(alerts.count * 384 + 64)
    var isFirst = true
    for entry in alerts where reading.reader.allows(entry.view.alert.scope) {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      bytes += entry.fragment(.prometheus) { PrometheusAlert.object(of: $0.alert) }
    }
    bytes += Array("]}}".utf8)
    return bytes
  }

  func prometheusRules(of tenant: String?, _ reading: Reading) async throws(APIError) -> Response {
    let query = try reading.parameters.ruleQuery()
    guard let page = await source.ruleGroups(query, of: tenant, for: reading.reader) else {
      throw .badRequest(
        "invalid parameter \"group_next_token\": invalid group_next_token '\(query.token ?? "")'. were rule groups changed?"
      )
    }
    return .prometheus { writer in
      writer.object {
        $0.array("groups", page.groups.filter { reading.reader.allows($0.scope) }) { group, writer in
          group.write(withAlerts: !query.withoutAlerts, to: &writer)
        }
        if let next = page.next { $0.member("groupNextToken", next) }
      }
    }
  }

  /// The names of the labels of live alerts: there are no other series.
  func prometheusLabels(of tenant: String?, _ reading: Reading) async -> Response {
    var names: Set<String> = []
    for entry in await source.book().alerts(of: tenant, for: reading.reader) {
      for label in entry.view.alert.labels.pairs { names.insert(label.name) }
    }
    return .prometheusList(names.sorted { $0.precedesInBytes($1) })
  }

  func prometheusValues(of name: String, of tenant: String?, _ reading: Reading) async -> Response {
    var values: Set<String> = []
    for entry in await source.book().alerts(of: tenant, for: reading.reader) {
      let value = entry.view.alert.labels[name]
      if !value.isEmpty { values.insert(value) }
    }
    return .prometheusList(values.sorted { $0.precedesInBytes($1) })
  }

  /// A sum of two numbers, by which clients find out whether a server lives; anything else needs series.
  func prometheusQuery(_ kind: String, _ reading: Reading) async -> Response {
    let text = reading.parameters.text("query") ?? ""
    if kind == "query", let value = PlainArithmetic.value(of: text) {
      let now = await source.now()
      return .prometheus { writer in
        writer.object {
          $0.member("resultType", "scalar")
          $0.key("result")
          $0.beginArray()
          $0.double(now.secondsSinceEpoch)
          $0.string(value.plainAsGo)
          $0.endArray()
        }
      }
    }
    var writer = JSONWriter()
    writer.object {
      $0.member("status", "error")
      $0.member("errorType", "execution")
      $0.member(
        "error",
        "Belfry stores no series, so it has no answer to a query; ask the data source that the rules name. Rules and "
          + "alerts are read at /api/v1/rules and /api/v1/alerts")
    }
    return Response(.json, writer.bytes, status: .unprocessableContent)
  }
}

/// Two numbers and an operator between them.
enum PlainArithmetic {
  /// The value of `1+1` and its like; `nil` for any other text.
  static func value(of text: String) -> Double? {
    let bytes = text.utf8.filter { $0 != UInt8(ascii: " ") }
    guard
      let place = bytes.dropFirst().firstIndex(where: { "+-*/".utf8.contains($0) }),
      let left = number(bytes[..<place]), let right = number(bytes[bytes.index(after: place)...])
    else { return number(bytes[...]) }
    switch bytes[place] {
    case UInt8(ascii: "+"): return left + right
    case UInt8(ascii: "-"): return left - right
    case UInt8(ascii: "*"): return left * right
    default: return left / right
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Double? {
    guard 1...15 ~= digits.count, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      return nil
    }
    return Double(String(decoding: digits, as: UTF8.self))
  }
}

extension Response {
  /// Prometheus's envelope around what is written.
  static func prometheus(_ data: (inout JSONWriter) -> Void) -> Response {
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.member("status", "success")
      $0.key("data")
      data(&$0)
    }
    return Response(.json, writer.bytes)
  }

  static func prometheusList(_ values: [String]) -> Response {
    .prometheus { writer in
      writer.beginArray()
      for value in values { writer.string(value) }
      writer.endArray()
    }
  }

  /// An object of empty lists.
  static func prometheusLists(_ names: [String]) -> Response {
    .prometheus { writer in
      writer.object { for name in names { $0.array(name, [String]()) { $1.string($0) } } }
    }
  }
}
