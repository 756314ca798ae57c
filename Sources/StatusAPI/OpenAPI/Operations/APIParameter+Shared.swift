import JSON
import Model

/// Parameters that several operations have.
extension APIParameter {
  static let tenant = query("tenant", .text, "A tenant together with its projects.")
  static let project = query("project", .text, "A project; give `tenant` with it.")
  static let limit = query(
    "limit",
    Schema.count.with("minimum", 1).with("maximum", .integer(Int64(Parameters.largestLimit)))
      .with("default", .integer(Int64(Parameters.defaultLimit))), "How many items a page has at most.")
  static let fingerprint = query("fingerprint", fingerprintSchema, "An alert's, in hexadecimal.")
  static let severity = query("severity", .text, "The label `severity`.")
  static let since = query("since", .time, "From this time on.")
  static let until = query("until", .time, "Before this time.")

  static let fingerprintSchema = Schema.text(pattern: "^[0-9a-f]{16}$")

  /// `cursor` of one list; each list has a form of its own.
  static func cursor(_ list: String) -> APIParameter {
    query("cursor", .text(format: "belfry-cursor-" + list), "What `next` of the page before says, unchanged.")
  }

  static func path(tenant description: String) -> APIParameter { path("tenant", name, description, example: "shop") }
  static func path(project description: String) -> APIParameter {
    path("project", name, description, example: "checkout")
  }

  /// What a part of a path may be: no control characters.
  static let name = Schema.text.with("minLength", 1).with("pattern", "^[^\\x00-\\x1f\\x7f]+$")

  /// Alertmanager's syntax, several times or as a list.
  static let matcher = query(
    "matcher", .list(of: .text(format: "belfry-matchers")),
    "A matcher or a list as in Alertmanager, such as `severity=\"critical\"`; all must match.")
}
