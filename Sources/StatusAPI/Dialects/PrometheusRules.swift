import JSON
import Model

extension Parameters {
  /// The parameters of `/api/v1/rules`, with Prometheus's words where one can't be read.
  func ruleQuery() throws(APIError) -> RuleQuery {
    var query = RuleQuery()
    switch text("type")?.lowercased() {
    case nil: break
    case "alert": query.purpose = .alerting
    case "record": query.purpose = .recording
    case .some: throw Self.invalid("type", "not supported value \((text("type") ?? "").quotedAsGo)")
    }
    query.rules = Set(all("rule_name[]"))
    query.groups = Set(all("rule_group[]"))
    query.files = Set(all("file[]"))
    for selector in all("match[]") { query.selectors.append(try Self.matchers(ofSelector: selector)) }
    if let flag = text("exclude_alerts") {
      guard let isOn = Self.goBoolean(flag) else {
        throw Self.invalid("exclude_alerts", "not a boolean: \(flag.quotedAsGo); accepted are true and false")
      }
      query.withoutAlerts = isOn
    }
    query.token = text("group_next_token")
    if let limit = text("group_limit") {
      guard let number = Int(limit) else { throw Self.invalid("group_limit", "group_limit needs to be a valid number") }
      guard number > 0 else { throw Self.invalid("group_limit", "group_limit needs to be greater than 0") }
      query.limit = number
    } else if query.token != nil {
      throw Self.invalid(
        "group_next_token", "group_limit needs to be present in order to paginate over the groups")
    }
    return query
  }

  private static func invalid(_ name: String, _ words: String) -> APIError {
    .badRequest("invalid parameter \(name.quotedAsGo): \(words)")
  }

  /// A selector: matchers in braces, a metric's name in front or not.
  private static func matchers(ofSelector text: String) throws(APIError) -> [Matcher] {
    let name = text.prefix { $0 != "{" }
    let rest = text.dropFirst(name.count)
    let metric = name.filter { $0 != " " }
    do throws(MatcherSyntaxError) {
      let matchers = rest.isEmpty ? [] : try Matcher.parseList(String(rest))
      guard metric.utf8.allSatisfy(\.isNameByte), !(matchers.isEmpty && metric.isEmpty) else {
        throw MatcherSyntaxError(.expectedName, at: 0)
      }
      return metric.isEmpty ? matchers : [Matcher("__name__", equals: metric)] + matchers
    } catch {
      throw invalid("match[]", "\(text.quotedAsGo) is no selector: \(error.message)")
    }
  }

  /// Reads what Go's `strconv.ParseBool` does.
  private static func goBoolean(_ text: String) -> Bool? {
    switch text {
    case "1", "t", "T", "TRUE", "true", "True": true
    case "0", "f", "F", "FALSE", "false", "False": false
    default: nil
    }
  }
}

extension UInt8 {
  fileprivate var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}

extension RuleGroupReading {
  func write(withAlerts: Bool, to writer: inout JSONWriter) {
    writer.object {
      $0.member("name", name)
      $0.member("file", file)
      $0.array("rules", rules) { $0.write(withAlerts: withAlerts, to: &$1) }
      $0.seconds("interval", interval)
      $0.member("limit", limit)
      $0.seconds("evaluationTime", duration)
      $0.member("lastEvaluation", evaluatedAt.prometheus)
    }
  }
}

extension RuleReading {
  fileprivate func write(withAlerts: Bool, to writer: inout JSONWriter) {
    writer.object {
      let isAlerting = purpose == .alerting
      if isAlerting { $0.member("state", state?.rawValue ?? "inactive") }
      $0.member("name", name)
      $0.member("query", query)
      if isAlerting {
        $0.seconds("duration", hold)
        $0.seconds("keepFiringFor", keepFiringFor)
      }
      if isAlerting || !labels.isEmpty { $0.labels("labels", labels) }
      if isAlerting {
        $0.labels("annotations", annotations)
        if withAlerts {
          $0.array("alerts", alerts) { PrometheusAlert.write($0, to: &$1) }
        } else {
          $0.key("alerts")
          $0.null()
        }
      }
      $0.member("health", health.rawValue)
      if let lastError { $0.member("lastError", lastError) }
      $0.seconds("evaluationTime", duration)
      $0.member("lastEvaluation", evaluatedAt.prometheus)
      $0.member("type", purpose.rawValue)
    }
  }
}

extension Timestamp? {
  /// Go's zero time for what hasn't been.
  fileprivate var prometheus: String { self?.description ?? "0001-01-01T00:00:00Z" }
}
