import Diagnostics
import Model
import YAML

extension DataSourceSpec {
  static let fieldNames =
    Dialect.allCases.map(\.rawValue) + [
      "timeout", "concurrency", "tenant_label", "accept_partial", "recording", "default", "external_url",
    ]

  private static let names: FieldNames = {
    var names = FieldNames("a DataSource", fieldNames)
    names.later = ["embedded", "sql", "host", "scrape", "write_alerts", "remote_write"]
    names.answers = [
      "url": "name the type: prometheus: {url: …}", "type": "name the type as a field: prometheus: {url: …}",
    ]
    return names
  }()

  private static let endpointNames: FieldNames = {
    var names = FieldNames("a data source's address", ["url"] + HTTPSettings.fieldNames)
    names.answers = HTTPSettings.answers
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let dialect = Self.dialect(fields, hasLater: node.hasEntry(of: Self.names.later), &reading),
      let node = fields[dialect.rawValue], let endpoint = Fields(node, Self.endpointNames, &reading)
    else { return nil }
    let http = HTTPSettings(endpoint, &reading)
    guard let url = endpoint.required("url", &reading).flatMap({ reading.addressOrSecret($0) }) else { return nil }
    self.init(dialect: dialect, url: url)
    self.http = http
    readSettings(fields, &reading)
  }

  private static func dialect(_ fields: Fields, hasLater: Bool, _ reading: inout Reading) -> Dialect? {
    let given = Dialect.allCases.filter { fields[$0.rawValue] != nil }
    if given.isEmpty, !hasLater {
      reading.error(
        .missingField, "a DataSource needs its type", at: fields.range.firstLineStart,
        fix: "add one of \(Wording.choice(Dialect.allCases.map(\.rawValue))), such as prometheus: {url: …}")
    } else if given.count > 1, let extra = given.last {
      reading.error(
        .conflictingFields, "a DataSource has one type, this one has \(given.count)",
        at: fields.place(of: extra.rawValue),
        fix: "write one DataSource for each")
    }
    return given.first
  }

  private mutating func readSettings(_ fields: Fields, _ reading: inout Reading) {
    timeout = fields["timeout"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(10)
    concurrency = fields["concurrency"].flatMap { reading.integer($0, in: 1...1000) } ?? 8
    tenantLabel = fields["tenant_label"].flatMap { reading.labelName($0) }
    if tenantLabel != nil {
      reading.error(
        .notAvailable, "'tenant_label' is not available in this version, since it has to rewrite expressions",
        at: fields.place(of: "tenant_label"), fix: "leave it out, and give each tenant a data source of its own")
    }
    acceptPartial = fields["accept_partial"].flatMap { reading.boolean($0) } ?? false
    recording =
      fields["recording"].flatMap { reading.choice($0, Recording.self, "a treatment of recording rules") }
      ?? .external
    if recording == .evaluate {
      reading.error(
        .notAvailable, "'recording: evaluate' is not available in this version", at: fields.place(of: "recording"),
        fix: "leave it out: recording rules stay with the server that has them")
    }
    isDefault = fields["default"].flatMap { reading.boolean($0) } ?? false
    externalURL = fields["external_url"].flatMap { reading.plainAddress($0) }
  }
}

extension YAMLNode {
  /// Whether this mapping has a key of these.
  func hasEntry(of names: Set<String>) -> Bool {
    entries?.contains { names.contains($0.name) } ?? false
  }
}

extension Reading {
  /// The name of a label that PromQL can write without quotes.
  mutating func labelName(_ node: YAMLNode) -> String? {
    guard let name = word(node, "a label name") else { return nil }
    guard Names.isPlainLabel(name) else {
      error(
        .labelName, "'\(Wording.short(name))' can't be used as a label name here", at: node.range,
        fix: "use letters, digits and underscores, a letter first")
      return nil
    }
    return name
  }
}
