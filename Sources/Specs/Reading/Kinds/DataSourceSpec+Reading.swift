import Diagnostics
import Model
import YAML

extension DataSourceSpec {
  private static let types = Dialect.allCases.map(\.rawValue) + ["embedded"]

  static let fieldNames =
    types + [
      "timeout", "concurrency", "tenant_label", "accept_partial", "recording", "remote_write", "write_alerts",
      "default", "external_url",
    ]

  private static let names: FieldNames = {
    var names = FieldNames("a DataSource", fieldNames)
    names.later = ["sql"]
    names.answers = [
      "url": "name the type: prometheus: {url: …}", "type": "name the type as a field: prometheus: {url: …}",
      "host": "it is a feed of the embedded source: embedded: {host: {}}",
      "scrape": "it is a feed of the embedded source: embedded: {scrape: […]}",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let type = Self.type(fields, hasLater: node.hasEntry(of: Self.names.later), &reading)
    else { return nil }
    if let dialect = Dialect(rawValue: type) {
      guard let node = fields.required(type, &reading, fix: "write \(type): {url: …}"),
        let endpoint = EndpointSpec(node, "a data source's address", &reading)
      else { return nil }
      self.init(.server(dialect, endpoint))
    } else if let node = fields[type] {
      guard let embedded = EmbeddedSpec(node, &reading) else { return nil }
      self.init(.embedded(embedded))
    } else {
      self.init(.embedded(EmbeddedSpec()))
    }
    readSettings(fields, &reading)
    readRecording(fields, &reading)
  }

  private static func type(_ fields: Fields, hasLater: Bool, _ reading: inout Reading) -> String? {
    let given = types.filter { fields.isWritten($0) }
    if given.isEmpty, !hasLater {
      reading.error(
        .missingField, "a DataSource needs its type", at: fields.range.firstLineStart,
        fix: "add one of \(Wording.choice(types)), such as prometheus: {url: …}")
    } else if given.count > 1, let extra = given.last {
      reading.error(
        .conflictingFields, "a DataSource has one type, this one has \(given.count)", at: fields.place(of: extra),
        fix: "write one DataSource for each")
    }
    return given.first
  }

  private mutating func readSettings(_ fields: Fields, _ reading: inout Reading) {
    timeout = fields["timeout"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(10)
    concurrency = fields["concurrency"].flatMap { reading.integer($0, in: 1...1000) } ?? 8
    tenantLabel = fields["tenant_label"].flatMap { reading.labelName($0) }
    acceptPartial = fields["accept_partial"].flatMap { reading.boolean($0) } ?? false
    isDefault = fields["default"].flatMap { reading.boolean($0) } ?? false
    externalURL = fields["external_url"].flatMap { reading.plainAddress($0) }
  }

  private mutating func readRecording(_ fields: Fields, _ reading: inout Reading) {
    if let node = fields["recording"],
      let choice = reading.choice(node, Recording.self, "a treatment of recording rules")
    {
      recording = choice
    }
    remoteWrite = fields["remote_write"].flatMap { EndpointSpec($0, "the address of remote write", &reading) }
    writesAlerts = fields["write_alerts"].flatMap { reading.boolean($0) } ?? false
    if case .embedded = backend {
      guard fields["remote_write"] != nil else { return }
      reading.error(
        .conflictingFields, "an embedded source keeps its samples itself and has no 'remote_write'",
        at: fields.place(of: "remote_write"), fix: "remove it")
      return
    }
    guard fields["remote_write"] == nil else { return }
    for (name, isAsked) in [("recording", recording == .evaluate), ("write_alerts", writesAlerts)] where isAsked {
      reading.error(
        .missingField, "'\(name)' needs an address to write the samples to", at: fields.place(of: name),
        fix: "add remote_write: {url: …}, such as 'http://prometheus:9090/api/v1/write'")
    }
  }
}

extension EndpointSpec {
  private static let fieldNames = ["url"] + HTTPSettings.fieldNames

  /// Reads an address; `owner` is what it is, in a sentence.
  init?(_ node: YAMLNode, _ owner: String, _ reading: inout Reading) {
    var names = FieldNames(owner, Self.fieldNames)
    names.answers = HTTPSettings.answers
    guard let fields = Fields(node, names, &reading) else { return nil }
    let http = HTTPSettings(fields, &reading)
    guard let url = fields.required("url", &reading).flatMap({ reading.addressOrSecret($0) }) else { return nil }
    self.init(url: url)
    self.http = http
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
